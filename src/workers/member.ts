import type { Worker } from 'node:cluster';
import { type Audience, createDesk, type Estate } from './desk.ts';
import { createLink, type Link } from './link.ts';
import type { WorkerOperations } from './operations.ts';
import { endOf, startWorkerProcess, type WorkerCommand, wireTo } from './worker-process.ts';

/** One worker, as its owner deals with it. */
export interface Member {
  link: Link<WorkerOperations>;
  pid: number | undefined;
  /** What is told before is lost. */
  isListening(): boolean;
  /** It hears what it is told, or is gone. */
  ready: Promise<void>;
  /** Its exit code, or the name of the signal that ended it. */
  gone: Promise<number | string | null>;
  /** Lets it end by itself. */
  dismiss(): void;
  kill(): void;
}

interface MemberParts {
  command: WorkerCommand;
  estate: Estate;
  audience: Audience;
}

/** Starts a worker; what it held is given back when it is gone. */
export function startMember({ command, estate, audience }: MemberParts): Member {
  const worker = startWorkerProcess(command);
  const desk = createDesk(estate, audience);
  let isListening = false;
  let hear = () => {};
  const ready = new Promise<void>((resolve) => {
    hear = resolve;
  });
  const hello = () => {
    isListening = true;
    hear();
  };
  const operations = { ...desk.operations, hello };
  const link = createLink<WorkerOperations>(wireTo(worker), { operations, endTurn: desk.endTurn });
  const gone = endOf(worker).then((exit) => {
    isListening = false;
    link.close();
    desk.release();
    hear();
    return exit;
  });
  return {
    link,
    pid: worker.process.pid,
    isListening: () => isListening,
    ready,
    gone,
    dismiss: () => disconnect(worker),
    kill: () => worker.process.kill('SIGKILL'),
  };
}

function disconnect(worker: Worker): void {
  if (worker.isConnected()) worker.process.disconnect();
}
