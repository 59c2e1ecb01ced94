/**
 * What passes between this host and a virtual machine: the command, and what it says until its end.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { untilMark } from '../../../bench/lab/end-mark.js';
import { jobScript } from '../../../bench/lab/initramfs.js';
import { isLate, qemuArguments } from '../../../bench/lab/virtual-machine.js';

const TOKEN = '0123456789abcdef';
const MARK = `\0${TOKEN} 7\n`;

/** Sends the pieces one after the other; returns what was handed on, and the exit code. */
async function sent(...pieces: string[]): Promise<{ text: string; code: number | null }> {
  const stream = new PassThrough();
  const handed: Buffer[] = [];
  const ended = untilMark(stream, TOKEN, (bytes) => handed.push(bytes));
  for (const piece of pieces) {
    stream.write(piece);
    await new Promise(setImmediate);
  }
  stream.destroy();
  const code = await ended;
  return { text: Buffer.concat(handed).toString(), code };
}

describe('an output', () => {
  test('ends where its mark begins, which gives the exit code', async () => {
    assert.deepEqual(await sent(`all of it${MARK}`), { text: 'all of it', code: 7 });
  });

  test('may come with its mark in pieces', async () => {
    for (let cut = 0; cut <= MARK.length; cut++) {
      assert.deepEqual(
        await sent('first,', `last${MARK.slice(0, cut)}`, MARK.slice(cut)),
        { text: 'first,last', code: 7 },
        `cut at ${cut}`,
      );
    }
  });

  test('may hold what looks like the beginning of a mark', async () => {
    const text = `\0${TOKEN.slice(0, 5)}x\0`;
    assert.deepEqual(await sent(text, 'more', MARK), { text: `${text}more`, code: 7 });
  });

  test('that ends without a mark has no exit code, and all of it was handed on', async () => {
    assert.deepEqual(await sent('half', '\x012'), { text: 'half\x012', code: null });
  });
});

test('a command reaches the guest word by word, whatever is in the words', () => {
  const words = ['printf', '%s|', "it's", '$HOME `id` "\\', 'two\nlines', ''];
  const script = `${jobScript(words, { NAME: "a'b" })}"$@"; printf %s "$NAME"`;
  const { stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8' });
  assert.equal(stdout, "it's|$HOME `id` \"\\|two\nlines||a'b");
});

test('a comma in a path does not end an option of QEMU', () => {
  const image = { kernel: 'k', initramfs: 'i', memoryMiB: 768, processors: 1 };
  const args = qemuArguments({ ...image, disk: '/a,b/disk', shared: '/c,d' }, 'tcg');
  assert.ok(
    args.some((arg) => arg.startsWith('file=/a,,b/disk,format=raw,')),
    args.join(' '),
  );
  assert.ok(
    args.some((arg) => arg.startsWith('local,path=/c,,d,mount_tag=shared,')),
    args.join(' '),
  );
});

test('an emulated kernel is late when it had its time of the processors; on a busy host that takes longer', () => {
  const SECOND_MS = 1000;
  const late = (waited: number, processor: number) =>
    isLate('tcg', { waitedMs: waited * SECOND_MS, processorMs: processor * SECOND_MS });
  assert.deepEqual([late(59, 59), late(61, 59), late(61, 10), late(250, 30)], [false, true, false, false]);
  // Halted, it takes none.
  assert.equal(late(301, 0), true);
  assert.equal(isLate('kvm', { waitedMs: 9 * SECOND_MS, processorMs: 0 }), true);
});
