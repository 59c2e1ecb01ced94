/**
 * Addresses that only one socket at a time may be bound to, as `struct sockaddr` prepared once.
 * Source: socket(2), bind(2), ip(7), unix(7).
 */
import { createHash } from 'node:crypto';
import { type Address, allocate } from './libc.js';

export const AF_UNIX = 1;
export const AF_INET = 2;
const SOCK_STREAM = 1;
const SOCK_CLOEXEC = 0o2000000;
/** Connections, and no child inherits it. */
export const STREAM = SOCK_STREAM | SOCK_CLOEXEC;

/** A prepared address, and how it is written in words. */
export interface SocketName {
  readonly domain: typeof AF_UNIX | typeof AF_INET;
  readonly address: Address;
  readonly length: number;
  readonly text: string;
}

const FAMILY_BYTES = 2;
const INET_BYTES = 16;
const LOOPBACK = 127;
// Below those that the kernel gives away by itself (32768 and up by default), above those of well-known services.
const FIRST_PORT = 20_000;
const PORTS = 12_000;

/**
 * An address and a TCP port of the loopback network 127.0.0.0/8, drawn from a name: 24 bits and a port, so that two
 * names hardly ever meet. Who listens on the port of all addresses stands in its way all the same.
 */
export function loopbackPort(name: string): SocketName {
  const digest = createHash('sha256').update(name).digest();
  const host = [LOOPBACK, digest.readUInt8(0), digest.readUInt8(1), 1 + (digest.readUInt8(2) % 254)];
  const port = FIRST_PORT + (digest.readUInt16BE(3) % PORTS);
  const { address, bytes } = allocate(INET_BYTES);
  new Uint16Array(bytes.buffer)[0] = AF_INET;
  bytes.set([port >> 8, port & 0xff, ...host], FAMILY_BYTES);
  return { domain: AF_INET, address, length: INET_BYTES, text: `${host.join('.')}:${port}` };
}

/** A name of the abstract namespace, which is no file: it begins with a NUL, and its length ends it. */
export function abstractName(name: string): SocketName {
  const text = Buffer.from(`\0${name}`);
  const length = FAMILY_BYTES + text.length;
  const { address, bytes } = allocate(length);
  new Uint16Array(bytes.buffer, 0, 1)[0] = AF_UNIX;
  bytes.set(text, FAMILY_BYTES);
  return { domain: AF_UNIX, address, length, text: `@${name}` };
}
