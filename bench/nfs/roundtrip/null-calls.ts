/**
 * A process on a client that asks the NFS server for nothing: procedure 0 of program 100003, over TCP. What such a call
 * takes is the network's round trip and the minimum that two programs and their kernel add to it. Source: RFC 5531 (the
 * call), RFC 1813, 3.3.0 (the procedure).
 *
 * Orders, a line each: the number of calls to make. It answers each with their times.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { now } from '../../../strategies/posix/clock.js';
import { dieWithParent } from '../../../strategies/posix/own-process.js';
import { runProgram, sayJson } from '../../base/program.js';

export interface NullJob {
  readonly parentPid: number;
  /** The server's, as the client has it mounted. */
  readonly address: string;
}

export type NullMessage =
  | { readonly at: 'asked'; readonly ns: readonly number[] }
  | { readonly at: 'error'; readonly message: string };

const NFS_PORT = 2049;
const NFS_PROGRAM = 100_003;
const NFS_VERSION = 3;
const RPC_VERSION = 2;
const CALL = 0;
const NULL_PROCEDURE = 0;
/** A record's only fragment has this bit set before its length. */
const LAST_FRAGMENT = 0x8000_0000;
/** Credential and verifier, each of kind 0 with no bytes. */
const NOBODY = [0, 0, 0, 0];

function nullCall(transaction: number): Buffer {
  const words = [transaction, CALL, RPC_VERSION, NFS_PROGRAM, NFS_VERSION, NULL_PROCEDURE, ...NOBODY];
  const bytes = Buffer.alloc(4 * (words.length + 1));
  bytes.writeUInt32BE((LAST_FRAGMENT | (bytes.length - 4)) >>> 0, 0);
  words.forEach((word, i) => {
    bytes.writeUInt32BE(word, 4 * (i + 1));
  });
  return bytes;
}

const say: (message: NullMessage) => void = sayJson;

/** Times of this many calls, ns; each is sent when the answer to the one before is here. */
async function ask(address: string, calls: number): Promise<number[]> {
  const socket = connect({ host: address, port: NFS_PORT, noDelay: true });
  await once(socket, 'connect');
  const ns: number[] = [];
  // The first one finds the code not compiled and the server's thread asleep.
  for (let i = 0; i <= calls; i++) {
    const start = now();
    socket.write(nullCall(i));
    await once(socket, 'data');
    if (i > 0) ns.push(Number(now() - start));
  }
  socket.destroy();
  return ns;
}

await runProgram<NullJob>(async ({ parentPid, address }) => {
  dieWithParent(parentPid);
  for await (const order of createInterface({ input: process.stdin })) {
    say({ at: 'asked', ns: await ask(address, Number(order)) });
  }
});
