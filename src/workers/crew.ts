import { createCircuitNews } from './circuit-news.ts';
import type { Estate } from './desk.ts';
import type { Link } from './link.ts';
import { type Member, startMember } from './member.ts';
import type { WorkerOperations } from './operations.ts';
import { watchRefusals } from './watch-refusals.ts';
import type { WorkerCommand } from './worker-process.ts';

type WorkerLink = Link<WorkerOperations>;

/** The workers that there are at the moment, and what each is told of the others. */
export interface Crew {
  /** Starts one more. */
  add(): Member;
  /** Tells a worker that listens what the others have heard already. */
  brief(link: WorkerLink): void;
  /** Asks each that listens; those that go meanwhile give no answer. */
  askAll<Answer>(ask: (link: WorkerLink) => Promise<Answer>): Promise<Answer[]>;
  tellAll(tell: (link: WorkerLink) => void): void;
  /** Lets all end; resolves when they have. */
  dismissAll(): Promise<void>;
}

/** Nobody is there yet. */
export function createCrew(estate: Estate, command: WorkerCommand): Crew {
  const members = new Set<Member>();
  const circuits = createCircuitNews(estate.routing, estate.clock);
  const refusals = watchRefusals(estate.ledger, (refuses) => {
    for (const link of links()) link.tell('refuses', refuses);
  });

  function* links(except?: Member): Generator<WorkerLink> {
    for (const each of members) if (each.isListening() && each !== except) yield each.link;
  }
  // Without its owner a worker ends by itself, unless it hangs.
  process.on('exit', () => {
    for (const member of members) member.kill();
  });
  return {
    add() {
      const audience = {
        others: () => links(member),
        showCircuit: (trustKey: string) => circuits.tell(trustKey, links()),
      };
      const member = startMember({ command, estate, audience });
      members.add(member);
      void member.gone.then(() => members.delete(member));
      return member;
    },
    brief(link) {
      link.tell('refuses', refusals.isRefusing());
      circuits.tellAll(link);
    },
    async askAll(ask) {
      const answers = await Promise.allSettled(Array.from(links(), ask));
      return answers.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    },
    tellAll(tell) {
      for (const link of links()) tell(link);
    },
    async dismissAll() {
      refusals.stop();
      for (const member of members) member.dismiss();
      await Promise.all(Array.from(members, ({ gone }) => gone));
    },
  };
}
