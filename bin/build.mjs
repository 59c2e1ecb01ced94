#!/usr/bin/env node
// `npm run build`: what each start does when its sources have changed, for the tests too.
import { readyBuild } from './build/find.mjs';
import { refuse, requireRuntime } from './build/refuse.mjs';
import { EVERYTHING } from './build/sources.mjs';

requireRuntime();
await readyBuild(EVERYTHING).catch((error) => refuse(error.message));
