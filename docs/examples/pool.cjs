const { spawn } = require('node:child_process');
const { openSync, readFile } = require('node:fs');
const { fcntl, constants } = require('fs-ext');

const fd = openSync('/tmp/number', 'w+');
if (process.argv[2] === 'hold') {
  fcntl(fd, 'setlkw', constants.F_WRLCK, () => {
    console.log('held');
    setTimeout(() => process.exit(), 2000);
  });
} else {
  spawn(process.execPath, [__filename, 'hold']).stdout.once('data', () => {
    fcntl(fd, 'setlkw', constants.F_WRLCK, () => console.log('got the lock'));
    const start = Date.now();
    readFile('/etc/hostname', () => console.log(`read a file after ${Date.now() - start} ms`));
  });
}
