/** Lies that a node tells: commands that say yes and do nothing, proofs that say nothing, undoings that leave a rest. */
import type { World } from '../../../acts/world.ts';
import { isolate } from '../../../faults/isolate.ts';
import { kill } from '../../../faults/kill.ts';
import { stop } from '../../../faults/stop.ts';
import { LinkError } from '../../../links/errors.ts';
import { isImpossible } from '../../../model/fault.ts';
import type { Intent } from '../../../model/intent.ts';
import { designContext } from '../../design.ts';
import { FakeNode } from '../../fakenode.ts';
import { NetworkNode } from '../../network-node.ts';
import { scriptedWorld, type Came, type Runs } from '../../scripted-world.ts';
import { snapshotOf } from '../../snapshot.ts';
import { healed, injected } from './injected.ts';
import type { Lie, Said } from './lie.ts';

export const nodeLies: readonly Lie[] = [
  killed('the kill says that it is done and does nothing', {
    lies: (sh) => (sh.includes('kill -KILL') ? done : undefined),
    because: /systemd counts sleep as failed by a signal: no; nothing listens on port 19001: no/,
  }),
  killed('the service is dead for systemd, and something still listens on its port', {
    after: (node) => node.listens(true),
    because: /systemd counts sleep as failed by a signal: yes; nothing listens on port 19001: no/,
  }),
  killed('systemd forgets that it must not start the service again, and does', {
    after: (node) => {
      node.set('MainPID', node.pid);
      node.set('ActiveState', 'active');
      node.set('Result', 'success');
      node.listens(true);
    },
    because: /systemd counts sleep as failed by a signal: no/,
  }),
  killed('the process that was noted is gone, and its pid is another’s by now', {
    before: (node) => node.writeBefore(`${node.pid} 1 0`),
    because: /could not kill the datastore \(sleep\) on pi1.*exit 1/,
  }),
  killed('the node does not answer the question whether it bit', {
    lies: (sh) => {
      if (sh.includes('ActiveState')) throw silence();
      return undefined;
    },
    because: /systemd counts sleep as failed by a signal: unclear \(.*no answer/,
  }),
  killed('the tool that the proof asks is not there', {
    lies: (sh) => (sh.includes('ss -Hltn') ? { status: 2, stderr: 'ss: not found' } : undefined),
    because: /nothing listens on port 19001: unclear \(ss: not found\)/,
  }),
  stopped(),
  isolated('nft says yes, makes the table, and drops nothing', {
    tries: [0, ''],
    because: /pi1 does not answer: no/,
  }),
  isolated('what is cut off answers nobody for another reason: the rules have met no packet', {
    counted: 0,
    because: /pi2 does not answer, and the rules have met packets: no/,
  }),
  isolated('nothing listens behind the cut, so that silence proves nothing', {
    listens: false,
    because: /port 19001 listens: no/,
  }),
  isolated('nft says yes and makes no table', {
    lies: (sh) => (sh.startsWith('nft -f') ? done : undefined),
    because: /and the rules have met packets: no/,
  }),
  undone('the undo of a cut says that it is done and leaves the rule', {
    lies: (sh) => (sh.includes('status=0') ? done : undefined),
    because: /not taken back on pi1: nothing of the fault is left on the node: no/,
  }),
  undone('the rule is gone, and the node still answers nobody', {
    tries: [124, ''],
    because: /not taken back on pi1: .*pi1 answers: no/,
  }),
];

const done: Came = { status: 0, stderr: '' };

function silence(): LinkError {
  const what = 'run a command';
  return new LinkError({ kind: 'timeout', node: 'pi1', what, tookMs: 5000, detail: 'no answer' });
}

/** What takes the place of a script; undefined for the script itself. */
type Instead = (sh: string) => Came | undefined;

function through(run: Runs, lies: Instead | undefined): Runs {
  return (sh) => lies?.(sh) ?? run(sh);
}

interface OfKill {
  readonly lies?: Instead;
  /** Before it is killed, and after. */
  readonly before?: (node: FakeNode) => void;
  readonly after?: (node: FakeNode) => void;
  readonly because: RegExp;
}

/** A lie in the killing of a service that is to stay down. */
function killed(lie: string, { lies, before, after, because }: OfKill): Lie {
  const params = {
    service: 'datastore',
    target: 'leader',
    count: 'one',
    'stay-down': true,
  } as const;
  const intent = kill.design(params, serviceContext());
  return {
    lie,
    honest: () => onFakeNode(intent, {}),
    honestOutcome: 'bit',
    told: () =>
      onFakeNode(intent, {
        ...(lies !== undefined && { lies }),
        ...(before !== undefined && { before }),
        ...(after !== undefined && { after }),
      }),
    outcome: 'missed',
    because,
  };
}

function stopped(): Lie {
  const params = { service: 'datastore', target: 'leader', count: 'one' } as const;
  const intent = stop.design(params, serviceContext());
  return {
    lie: 'systemctl says that the service is stopped, and it runs on',
    honest: () => onFakeNode(intent, {}),
    honestOutcome: 'bit',
    told: () =>
      onFakeNode(intent, { lies: (sh) => (sh.includes('systemctl stop') ? done : undefined) }),
    outcome: 'missed',
    because: /: no; nothing listens on port 19001: no/,
  };
}

/** A datastore of which a real process, `sleep`, is the service. */
function serviceContext(): ReturnType<typeof designContext> {
  const snapshot = snapshotOf();
  const datastore = { unit: 'k8s.service', process: 'sleep', port: 19001 };
  const services = { ...snapshot.services, datastore };
  return designContext(['pi1'], { ...snapshot, services });
}

async function onFakeNode(
  intent: Intent,
  { lies, before, after }: Omit<OfKill, 'because'>,
): Promise<Said> {
  using node = new FakeNode(intent.id);
  const deeds = intent.inject.flatMap((act) => ('sh' in act ? [act.sh] : []));
  const run: Runs = async (sh) => {
    const isDeed = deeds.includes(sh);
    if (isDeed) before?.(node);
    const came = lies?.(sh) ?? node.run(sh);
    if (!isDeed || came === done || came.status !== 0) return came;
    await (intent.fault === 'kill' ? node.reactsToDeath() : node.hasStopped());
    after?.(node);
    return came;
  };
  // Awaited here: the node is gone with the end of this function.
  return await injected(intent, scriptedWorld({ nodes: { pi1: run } }));
}

interface OfCut {
  readonly lies?: Instead;
  readonly tries?: NetworkNode['tries'];
  readonly counted?: number;
  readonly listens?: boolean;
  readonly because: RegExp;
}

function isolated(lie: string, { because, ...cut }: OfCut): Lie {
  return {
    lie,
    honest: () => onNetwork({}, (intent, world) => injected(intent, world)),
    honestOutcome: 'bit',
    told: () => onNetwork(cut, (intent, world) => injected(intent, world)),
    outcome: 'missed',
    because,
  };
}

function undone(lie: string, { because, ...cut }: OfCut): Lie {
  return {
    lie,
    honest: () => onNetwork({ tries: [0, ''] }, healed),
    honestOutcome: 'gone',
    told: () => onNetwork({ tries: [0, ''], ...cut }, healed),
    outcome: 'residue',
    because,
  };
}

/** A node that is cut off, unless told otherwise, by the real scripts. */
async function onNetwork(
  { lies, tries = [124, ''], counted = 7, listens = true }: Omit<OfCut, 'because'>,
  work: (intent: Intent, world: World) => Promise<Said>,
): Promise<Said> {
  using node = new NetworkNode();
  const params = isolate.schema.parse({ target: 'leader' });
  const intent = isolate.design(params, designContext(['pi1']));
  if (isImpossible(intent)) throw new Error(intent.impossible);
  if (work === healed) node.performs([...intent.prepare, ...intent.inject]);
  Object.assign(node, { tries, counted, listens });
  const peer: Runs = (sh) => node.run(sh);
  const nodes = { pi1: through((sh) => node.run(sh), lies), pi2: peer, pi3: peer, pi4: peer };
  return await work(intent, scriptedWorld({ nodes }));
}
