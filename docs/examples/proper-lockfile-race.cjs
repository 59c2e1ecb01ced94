const { fork } = require('node:child_process');
const { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } = require('node:fs');
const { lock } = require('proper-lockfile');

// Each file has a lock that somebody left a minute ago; three processes try for each at the same moment.
const FILES = 300;
const [, , directory = mkdtempSync('/tmp/race-'), start = Date.now() + 1000] = process.argv;
const files = Array.from({ length: FILES }, (_, i) => `${directory}/${i}`);

if (process.argv[2] === undefined) {
  const minuteAgo = Date.now() / 1000 - 60;
  for (const file of files) {
    writeFileSync(file, '');
    mkdirSync(`${file}.lock`);
    utimesSync(`${file}.lock`, minuteAgo, minuteAgo);
  }
  const got = files.map(() => 0);
  let running = 3;
  for (let i = 0; i < 3; i++) {
    fork(__filename, [directory, start]).on('message', (theirs) => {
      for (const file of theirs) got[file]++;
      if (--running > 0) return;
      rmSync(directory, { recursive: true });
      console.log(`of ${FILES} locks, ${got.filter((n) => n > 1).length} were given to more than one`);
    });
  }
} else {
  (async () => {
    const mine = [];
    for (const [i, file] of files.entries()) {
      while (Date.now() < Number(start) + 10 * i);
      await lock(file, { onCompromised() {} }).then(
        () => mine.push(i),
        () => {},
      );
    }
    process.send(mine, () => process.exit());
  })();
}
