// `ArrayBuffer.transfer` does both from Node 22 on.
import { MessageChannel, receiveMessageOnPort } from 'node:worker_threads';

let ways: { there: MessageChannel; nowhere: MessageChannel } | null = null;

/**
 * The same memory under a new name, undefined if it was lost on its way: whoever holds a view of the old
 * one sees no bytes from now on.
 */
export function moveMemory(memory: ArrayBuffer): ArrayBuffer | undefined {
  ways ??= openWays();
  ways.there.port1.postMessage(memory, [memory]);
  return receiveMessageOnPort(ways.there.port2)?.message;
}

/** Gives a memory back to the system; whoever holds a view of it sees no bytes from now on. */
export function dropMemory(memory: ArrayBuffer): void {
  ways ??= openWays();
  ways.nowhere.port1.postMessage(null, [memory]);
}

function openWays() {
  const nowhere = new MessageChannel();
  // What is sent between closed ports is dropped.
  nowhere.port2.close();
  nowhere.port1.close();
  return { there: new MessageChannel(), nowhere };
}
