#!/usr/bin/env node
/**
 * The one test command: is the house clean, do the tests of the code pass, do those pass that need the lab? With `--long`
 * those on the lab that are left out otherwise, and nothing else: their titles say `@long`.
 * The last line is `N passed, N failed`, with `, N skipped` if any were; the exit code is 0 only if none failed.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));
process.chdir(root);

const modules = createRequire(import.meta.url);
const total = { passed: 0, failed: 0, skipped: 0 };

/** Nodes of the lab that the tests bring up. */
const labNodes = 4;
const unitTests = ['src/**/*.test.ts', '--ignore', 'src/**/*.lab.test.ts'];
const long = process.argv.includes('--long');
// Real clusters take their time, and each test has its own deadlines.
const labTests = ['src/**/*.lab.test.ts', '--timeout', '0', '--grep', '@long'];
if (!long) labTests.push('--invert');

/** The program that runs now, to be told of a signal. */
let child;
let interrupted = false;
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = true;
    // A terminal tells all of us of its Ctrl-C; a SIGTERM comes to this process alone.
    if (signal === 'SIGTERM') child?.kill(signal);
  });
}

installMissing();
await check('compiles', bin('typescript', 'tsc'), ['-p', 'tsconfig.build.json']);
if (!long) {
  await check('types', bin('typescript', 'tsc'), ['-p', 'tsconfig.json', '--noEmit']);
  await check('lint', bin('eslint'), ['.']);
  await check('format', bin('prettier'), ['--check', '.']);

  heading('Tests of the code');
  add(await mocha(unitTests));
}

heading(long ? 'Long tests on the lab' : 'Tests on the lab; the long ones: npm run test:long');
try {
  const because = await unfit();
  add(await (because === undefined ? mocha(labTests) : skipAll(labTests, because)));
} catch (error) {
  console.error(error);
  total.failed += 1;
}

if (interrupted) total.failed += 1;
const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : '';
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** Installs what some tests look with and a fresh Debian lacks; without it, those tests skip and say so. */
function installMissing() {
  const lacking = [
    ...(spawnSync('xmllint', ['--version']).error === undefined ? [] : ['libxml2-utils']),
    ...(existsSync('/usr/bin/chromium') ? [] : ['chromium']),
  ];
  if (lacking.length === 0) return;
  const names = lacking.join(' ');
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).error !== undefined) {
    console.log(`Not installed: ${names}. The tests that need them skip.`);
    return;
  }
  console.log(`Installing Debian packages for some tests: ${names}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...words) =>
    spawnSync('apt-get', words, { env, encoding: 'utf8', timeout: 600_000 });
  apt('update', '-q');
  const { status, stderr } = apt('install', '-q', '-y', '--no-install-recommends', ...lacking);
  if (status !== 0) {
    console.log(`${stderr}\nNot installed: ${names} (see above). The tests that need them skip.`);
  }
}

/** One check of the house: clean, or one failure. */
async function check(what, script, args) {
  if (interrupted) return;
  const { code } = await run(script, args);
  const clean = code === 0;
  total[clean ? 'passed' : 'failed'] += 1;
  console.log(`  ${clean ? '✔' : '✘'} house: ${what}${clean ? '' : ` (exit ${code})`}`);
}

/** Runs mocha and counts; that it died, or failed without a test that did, is a failure too. */
async function mocha(args) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  if (interrupted) return counts;
  const { results, code, signal } = await mochaResults(args, 'inherit');
  for (const { result } of results) if (result in counts) counts[result] += 1;
  const how = signal ?? `exit ${code}`;
  if (!results.some(({ result }) => result === 'ended')) {
    console.log(`mocha did not come to its end: ${how}`);
    counts.failed += 1;
  } else if (code !== 0 && counts.failed === 0) {
    console.log(`mocha failed after its tests: ${how}`);
    counts.failed += 1;
  }
  return counts;
}

/** Every result that mocha told before it ended, and how it ended. */
async function mochaResults(args, stdout) {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  try {
    const tally = join(folder, 'tally');
    const reporter = ['--reporter=./bin/test-reporter.js', `--reporter-option=tally=${tally}`];
    const ended = await run(bin('mocha'), [...args, ...reporter], stdout);
    const lines = existsSync(tally) ? readFileSync(tally, 'utf8').split('\n') : [];
    // What follows the last newline is empty, or was cut off.
    return { ...ended, results: lines.slice(0, -1).map((line) => JSON.parse(line)) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Why the lab cannot run on this machine, in the lab's own words. */
async function unfit() {
  const { unfitness } = await import('../dist/lab/host.js');
  return unfitness(labNodes);
}

/** Says loudly what is not tested, and counts it without running it. */
async function skipAll(args, because) {
  const { results, code } = await mochaResults([...args, '--dry-run'], 'ignore');
  const titles = results.filter(({ result }) => result !== 'ended').map(({ title }) => title);
  const frame = '!'.repeat(100);
  console.log(
    [frame, `SKIPPED: ${because}`, '', ...titles.map((one) => `  - ${one}`), frame].join('\n'),
  );
  return { passed: 0, failed: code === 0 ? 0 : 1, skipped: titles.length };
}

function add(counts) {
  for (const word of Object.keys(total)) total[word] += counts[word];
}

function heading(text) {
  console.log(`\n${text}`);
}

/** The script behind a program of a package. */
function bin(name, program = name) {
  const manifest = modules.resolve(`${name}/package.json`);
  const { bin: programs } = modules(manifest);
  return join(dirname(manifest), typeof programs === 'string' ? programs : programs[program]);
}

/** Runs a script of Node.js on our terminal. */
function run(script, args, stdout = 'inherit') {
  return new Promise((resolve, reject) => {
    child = spawn(process.execPath, [script, ...args], {
      stdio: ['inherit', stdout, 'inherit'],
    });
    child.on('error', reject);
    child.on('exit', (code, signal) => {
      child = undefined;
      resolve({ code, signal });
    });
  });
}
