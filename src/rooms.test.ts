import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import {
  cruise,
  type ICruiseResult,
  type IForbiddenRuleType,
  type IRegularForbiddenRuleType,
} from 'dependency-cruiser';

/** What a room may import. */
interface Room {
  /** Other rooms, or single files of them: `claims/table.ts`. */
  readonly rooms: readonly string[];
  /** Of these rooms, types and nothing that runs. */
  readonly types?: readonly string[];
  readonly packages?: readonly string[];
  /** Imports nothing of Node.js either, so that the same input always gives the same output. */
  readonly pure?: true;
}

const tables = ['claims/table.ts', 'faults/table.ts', 'probes/kinds.ts'];

/** The rooms of src/ and the arrows between them; docs/architecture.md shows the same table. */
const rooms: Readonly<Record<string, Room>> = {
  model: { rooms: [], packages: ['zod'], pure: true },
  faults: { rooms: ['model'], packages: ['zod'], pure: true },
  claims: { rooms: ['model', 'histories'], packages: ['zod'], pure: true },
  histories: { rooms: ['model'], pure: true },
  stats: { rooms: ['model'], pure: true },
  platforms: { rooms: ['model'], packages: ['yaml'], pure: true },
  probes: { rooms: ['model'], types: ['links'] },
  read: { rooms: ['model', ...tables], packages: ['yaml', 'zod'] },
  plan: { rooms: ['model', ...tables], pure: true },
  links: { rooms: ['model', 'platforms'], packages: ['@kubernetes/client-node', 'ssh2', 'yaml'] },
  power: { rooms: ['model'], packages: ['execa'] },
  acts: { rooms: ['model', 'links', 'power'], packages: ['p-retry'] },
  run: {
    rooms: ['model', 'plan', 'links', 'acts', 'probes'],
    packages: ['yaml'],
  },
  campaign: { rooms: ['model', 'stats'] },
  fleet: {
    rooms: ['model', 'campaign'],
    types: ['links'],
    packages: ['@kubernetes/client-node', 'yaml'],
    pure: true,
  },
  report: {
    rooms: ['model', 'stats'],
    packages: ['allure-js-commons', 'allure-mocha', 'chai', 'execa', 'mocha', 'picocolors'],
  },
  lab: { rooms: ['model', 'links'], packages: ['execa', 'yaml'] },
  commands: {
    rooms: [
      ...['model', 'claims', 'faults/table.ts', 'read', 'plan', 'links', 'acts', 'run', 'stats'],
      'campaign',
      'fleet',
      'report',
      'lab',
      'platforms/table.ts',
      'power/table.ts',
    ],
    packages: ['commander', 'yaml'],
  },
  'main.ts': {
    rooms: ['commands', 'lab/error.ts', 'model/outcome.ts'],
    packages: ['commander'],
  },
};

const ofTests = String.raw`(\.test\.ts$|(^|/)testing/)`;
const entries = '^src/(main|run/sampling-worker)[.]ts$';

/** What dependency-cruiser is to forbid, so that only the arrows of a table are left. */
function rulesOf(table: typeof rooms): IForbiddenRuleType[] {
  return [
    ...Object.entries(table).flatMap(([name, room]) => rulesOfRoom(name, room)),
    forbid('no cycles', {}, { circular: true }),
    forbid('everything is found', { path: '^src/' }, { couldNotResolve: true }),
    forbid('tests are for tests', { path: '^src/', pathNot: ofTests }, { path: ofTests }),
    {
      name: 'everything is used',
      severity: 'error',
      from: { path: entries },
      to: { path: '^src/', pathNot: [ofTests, entries], reachable: false },
    },
  ];
}

function rulesOfRoom(name: string, room: Room): IForbiddenRuleType[] {
  const from = { path: pathOf(name), pathNot: ofTests };
  const { types = [], packages = [] } = room;
  const allowed = [name, ...room.rooms, ...types].map(pathOf);
  const homes = packages.map((one) => `^node_modules/${one}/`);
  return [
    forbid(`${name}: rooms`, from, { path: '^src/', pathNot: [...allowed, ofTests] }),
    forbid(`${name}: packages`, from, { path: '^node_modules/', pathNot: homes }),
    ...types.map((other) =>
      forbid(`${name}: only types of ${other}`, from, {
        path: pathOf(other),
        dependencyTypesNot: ['type-only'],
      }),
    ),
    ...(room.pure ? [forbid(`${name}: pure`, from, { dependencyTypes: ['core'] })] : []),
  ];
}

function forbid(
  name: string,
  from: IRegularForbiddenRuleType['from'],
  to: IRegularForbiddenRuleType['to'],
): IRegularForbiddenRuleType {
  return { name, severity: 'error', from, to };
}

/** A room is a folder; a name with an ending is a single file. */
function pathOf(name: string): string {
  return name.endsWith('.ts') ? `^src/${name.replaceAll('.', '[.]')}$` : `^src/${name}/`;
}

/** Cruises `src` of a folder and judges it by the table. */
async function cruised(baseDir: string): Promise<ICruiseResult> {
  const { output } = await cruise(['src'], {
    baseDir,
    validate: true,
    ruleSet: { forbidden: rulesOf(rooms) },
    tsPreCompilationDeps: 'specify',
    doNotFollow: { path: 'node_modules' },
  });
  if (typeof output === 'string') throw new Error(output);
  return output;
}

/** The arrows that are forbidden, as `rule: from -> to`, sorted. */
function violationsIn({ summary }: ICruiseResult): readonly string[] {
  return summary.violations.map(({ rule, from, to }) => `${rule.name}: ${from} -> ${to}`).sort();
}

const root = fileURLToPath(new URL('../', import.meta.url));

describe('the rooms of src', function () {
  this.timeout(300_000);
  let whole: ICruiseResult;
  before(async () => {
    whole = await cruised(root);
  });

  it('import only what the table lets them', () => {
    expect(violationsIn(whole)).to.deep.equal([]);
    // With fewer, something has kept the modules from being looked at.
    expect(whole.summary.totalCruised).to.be.greaterThan(50);
    expect(whole.summary.totalDependenciesCruised).to.be.greaterThan(200);
  });

  it('are all in the table, and in that of docs/architecture.md with the same arrows', () => {
    const found = readdirSync(join(root, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && entry.name !== 'testing')
      .map(({ name }) => name)
      .filter((name) => readdirSync(join(root, 'src', name)).length > 0);
    const folders = Object.keys(rooms).filter((name) => !name.endsWith('.ts'));
    expect(found.sort()).to.deep.equal(folders.toSorted());

    const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
    const rows = [...page.matchAll(/^\| `([a-z]+)\/` *\|.*\| ([^|]*?) *\| ([^|]*?) *\|$/gm)];
    const shown = Object.fromEntries(
      rows.map(([, name = '', others = '', packages = '']) => [name, `${others} · ${packages}`]),
    );
    const meant = folders.map((name) => [name, sayRoom(rooms[name])]);
    expect(shown).to.deep.equal(Object.fromEntries(meant));
  });

  describe('with something planted', () => {
    let folder = '';
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'holdfast-rooms-'));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    const plant = (files: Readonly<Record<string, string>>): void => {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), text);
      }
    };

    it('show each forbidden arrow, and let the others be', async () => {
      plant({
        'node_modules/ssh2/package.json': '{ "name": "ssh2", "main": "index.js" }',
        'node_modules/ssh2/index.js': 'module.exports = {};',
        'src/main.ts': "import './commands/run.ts';",
        'src/commands/run.ts': "import '../run/conduct.ts'; import '../acts/arm.ts';",
        'src/run/conduct.ts':
          "import '../plan/plan.ts'; import '../links/open.ts'; import '../probes/web.ts';",
        'src/plan/plan.ts': "import '../claims/table.ts'; import '../claims/judge.ts';",
        'src/claims/table.ts': "import '../model/span.ts';",
        'src/claims/judge.ts': "import { readFileSync } from 'node:fs'; readFileSync('x');",
        'src/acts/arm.ts': "import '../run/conduct.ts';",
        'src/links/open.ts': "import 'ssh2'; export interface Links {} export const open = 1;",
        'src/model/span.ts': "import 'ssh2'; import './other.ts'; import './nowhere.ts';",
        'src/model/other.ts': "import type { Lo } from './span.ts'; export type Hi = Lo;",
        'src/probes/web.ts':
          "import type { Links } from '../links/open.ts'; import { no } from './no.ts'; export const web = (links: Links) => no(links);",
        'src/probes/no.ts':
          "import { open } from '../links/open.ts'; import '../testing/fake.ts'; export const no = (_: unknown) => open;",
        'src/testing/fake.ts': 'export const fake = 1;',
        'src/report/idle.ts': 'export const idle = 1;',
        'src/report/idle.test.ts': "import './idle.ts'; import '../run/conduct.ts';",
      });
      expect(violationsIn(await cruised(folder))).to.deep.equal([
        'acts: rooms: src/acts/arm.ts -> src/run/conduct.ts',
        'claims: pure: src/claims/judge.ts -> fs',
        'everything is found: src/model/span.ts -> ./nowhere.ts',
        'everything is used: src/report/idle.ts -> src/report/idle.ts',
        'model: packages: src/model/span.ts -> node_modules/ssh2/index.js',
        'no cycles: src/model/other.ts -> src/model/span.ts',
        'plan: rooms: src/plan/plan.ts -> src/claims/judge.ts',
        'probes: only types of links: src/probes/no.ts -> src/links/open.ts',
        'tests are for tests: src/probes/no.ts -> src/testing/fake.ts',
      ]);
    });
  });
});

/** A room's last two columns in docs/architecture.md. */
function sayRoom(room: Room | undefined): string {
  const { rooms: others = [], types = [], packages = [] } = room ?? {};
  const arrows = [
    ...others.map((other) => (other.endsWith('.ts') ? `\`${other}\`` : other)),
    ...types.map((other) => `${other} (types only)`),
  ];
  const said = (some: readonly string[]): string => some.join(', ') || '–';
  return `${said(arrows)} · ${said(packages.map((one) => `\`${one}\``))}`;
}
