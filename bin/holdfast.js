#!/usr/bin/env -S node --max-semi-space-size=2
import { existsSync } from 'node:fs';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(main)) {
  await import(main.href);
} else {
  console.error('Holdfast has not been compiled here; first say: npm ci');
  process.exitCode = 64;
}
