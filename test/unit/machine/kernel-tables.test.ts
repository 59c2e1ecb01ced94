/**
 * The kernel's tables, whatever stands in them: what is read has no hole in it, and what was written is read again.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kernelLocks } from '../../../bench/compat/kernel-locks.js';
import { mountOf, parseMountinfo } from '../../../bench/machine/file-system.js';
import { parseMountstats } from '../../../bench/machine/mountstats.js';
import { fc } from '../../support/properties.js';

const LINE =
  '36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue\n37 36 0:5 / / ro - tmpfs none rw\n';
const STATS =
  'device 192.0.2.1:/export mounted on /mnt with fstype nfs4 statvers=1.1\n\topts:\trw,vers=4.2,rsize=4096\n\tper-op statistics\n\t        READ: 12 13 0 1 2 3 4 5\n';

/** A table, some characters of which were lost, doubled or exchanged. */
const spoilt = (text: string) =>
  fc
    .array(fc.tuple(fc.nat(text.length), fc.nat(6), fc.string({ unit: 'binary', maxLength: 4 })), {
      maxLength: 5,
    })
    .map((changes) =>
      changes.reduce(
        (spoilt, [at, length, put]) => spoilt.slice(0, at) + put + spoilt.slice(at + length),
        text,
      ),
    );

test('any table of mounts is read without holes, and a path is looked up in it', () => {
  fc.assert(
    fc.property(fc.oneof(spoilt(LINE), fc.string({ unit: 'binary' })), (text) => {
      const mounts = parseMountinfo(text);
      for (const mount of mounts)
        assert.ok(
          Object.values(mount).every((value) => value !== undefined),
          JSON.stringify(mount),
        );
      mountOf('/mnt2/x', mounts);
    }),
  );
});

/** As the kernel writes a name into its tables. */
const inOctal = (name: string): string =>
  name.replace(/[ \t\n\\]/g, (c) => `\\${c.charCodeAt(0).toString(8).padStart(3, '0')}`);

test('a mount point of any name is read back as it is', () => {
  const name = fc.string({ unit: fc.constantFrom(...'ab \t\n\\-/é0123') }).map((text) => `/${text}`);
  fc.assert(
    fc.property(name, (mountPoint) => {
      const line = `36 35 98:0 / ${inOctal(mountPoint)} rw - ext4 ${inOctal('/dev/a b')} rw\n`;
      const [mount] = parseMountinfo(line);
      assert.equal(mount?.mountPoint, mountPoint);
      assert.equal(mount?.source, '/dev/a b');
    }),
  );
});

test('any table of what mounts have asked is read without holes', () => {
  fc.assert(
    fc.property(fc.oneof(spoilt(STATS), fc.string({ unit: 'binary' })), (text) => {
      for (const { operations, ...mount } of parseMountstats(text)) {
        assert.ok(!Object.values(mount).includes(undefined as never));
        for (const { calls, transmissions } of operations.values())
          assert.ok(calls > 0 && transmissions >= 0 && Number.isFinite(calls));
      }
    }),
  );
});

const LOCKS =
  '1: POSIX  ADVISORY  WRITE 4242 00:1b:77 0 EOF\n1: -> FLOCK  ADVISORY  WRITE 7 00:1b:78 0 EOF\n2: OFDLCK ADVISORY  READ -1 fe:00:79 0 9\n';

test('of any table of locks, those on our files alone are told', () => {
  const inodes = new Map([
    ['77', 'lock'],
    ['79', 'other'],
  ]);
  fc.assert(
    fc.property(fc.oneof(spoilt(LOCKS), fc.string({ unit: 'binary' })), (text) => {
      for (const { type, file } of kernelLocks(text, inodes)) {
        assert.ok(['lock', 'other'].includes(file));
        assert.match(type, /^[A-Z]+$/);
      }
    }),
  );
  assert.deepEqual(kernelLocks(LOCKS, inodes), [
    { type: 'POSIX', file: 'lock' },
    { type: 'OFDLCK', file: 'other' },
  ]);
});
