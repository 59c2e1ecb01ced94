const { spawnSync } = require('node:child_process');
const { openSync } = require('node:fs');
const { lock } = require('os-lock');

const isSecond = process.argv[2] === 'second';
lock(openSync('/tmp/number', 'w+'), { immediate: true }).then(() => {
  console.log(isSecond ? 'the second is in, beside the first' : 'the first is in');
  if (!isSecond) spawnSync(process.execPath, [__filename, 'second'], { stdio: 'inherit' });
});
