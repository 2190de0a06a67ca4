/** Lies of a power device, which says one thing and does another. */
import { powerOff } from '../../../faults/power-off.ts';
import { LinkError } from '../../../links/errors.ts';
import { isImpossible } from '../../../model/fault.ts';
import type { PowerDevice } from '../../../power/power.ts';
import { designContext } from '../../design.ts';
import { scriptedWorld } from '../../scripted-world.ts';
import { injected } from './injected.ts';
import type { Lie, Said } from './lie.ts';

export const powerLies: readonly Lie[] = [
  {
    lie: 'the power device says off, and the node answers',
    honest: () => switchedOff({ off: true, answers: false }),
    honestOutcome: 'bit',
    told: () => switchedOff({ off: true, answers: true }),
    outcome: 'missed',
    because: /the power device of pi1 says off: yes \(off\); pi1 does not answer: no/,
  },
  {
    lie: 'the power device takes the order, and says on',
    honest: () => switchedOff({ off: true, answers: false }),
    honestOutcome: 'bit',
    told: () => switchedOff({ off: false, answers: false }),
    outcome: 'missed',
    because: /the power device of pi1 says off: no \(on\)/,
  },
];

/** @param off does the plug do what it is told; @param answers does the node, once it was told */
async function switchedOff({
  off,
  answers,
}: {
  readonly off: boolean;
  readonly answers: boolean;
}): Promise<Said> {
  let on = true;
  const plug: PowerDevice = {
    reverts: true,
    off: () => {
      on = !off;
      return Promise.resolve();
    },
    on: () => Promise.resolve(),
    state: () => Promise.resolve(on ? 'on' : 'off'),
  };
  const params = { target: 'leader', count: 'one' } as const;
  const intent = powerOff.design(params, designContext(['pi1']));
  if (isImpossible(intent)) throw new Error(intent.impossible);
  const pi1 = (): { status: number; stderr: string } => {
    if (answers) return { status: 0, stderr: '' };
    throw new LinkError({ kind: 'timeout', node: 'pi1', what: 'run true', tookMs: 5000 });
  };
  const world = scriptedWorld({ nodes: { pi1 }, power: new Map([['pi1', plug]]) });
  return injected(intent, world);
}
