/**
 * Makes nodes boot anew: cleanly, by systemd, or at once, by their kernel, which writes nothing to disk before.
 *
 * Needs systemd on the node; `sysrq` a kernel of its own, which a container has not. It needs no undo: nothing of it
 * outlives the boot. A node that has booted since the survey is not told again.
 * @see systemctl(1) reboot; Documentation/admin-guide/sysrq.rst in Linux
 */
import { z } from 'zod';
import { count, selector } from '../model/fields.ts';
import { quote } from '../model/quote.ts';
import { booted, bootsWithinMs, serves, wholeMachines } from './machine.ts';
import type { DesignContext, Fault } from '../model/fault.ts';
import type { Act, Intent } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import type { NodeFacts } from '../model/snapshot.ts';

export interface RebootParams extends Readonly<Record<string, unknown>> {
  readonly target: Selector;
  readonly count: Count;
  readonly how: 'clean' | 'sysrq';
}

export const reboot = {
  summary: 'make nodes boot anew, cleanly or at once',
  schema: z.strictObject({
    target: selector,
    count: count.default('one'),
    how: z
      .enum(['clean', 'sysrq'])
      .default('clean')
      .describe(
        'clean: systemd stops everything first; sysrq: the kernel boots at once and writes nothing to disk before',
      ),
  }),
  example: { target: 'follower', how: 'clean' },
  design,
} satisfies Fault<RebootParams>;

function design({ how }: RebootParams, { id, targets, snapshot }: DesignContext): Intent {
  const names = targets.map(({ name }) => name);
  return {
    id,
    fault: 'reboot',
    says: `reboot ${names.join(', ')}${how === 'sysrq' ? ' at once, by the kernel (sysrq)' : ''}`,
    ...wholeMachines(targets, snapshot),
    // A service that is stopped hands over; a machine that is reset does not.
    loss: how === 'clean' ? 'handed-over' : 'brief',
    prepare: targets.map(how === 'sysrq' ? prepareReset : prepare),
    inject: targets.map(how === 'sysrq' ? reset : inject),
    bit: targets.map(booted),
    bitWithinMs: bootsWithinMs(targets),
    undo: [],
    gone: targets.flatMap((node) => serves(node, snapshot)),
    undoBy: 'nothing',
  };
}

/** Nobody is to reboot a machine that another one has taken the place of, or that has just booted. */
function prepare({ name, bootId }: NodeFacts): Act {
  return {
    on: name,
    sh: [
      readBootId,
      `[ "$boot" = ${quote(bootId)} ] || { echo "it has booted since the survey" >&2; exit 1; }`,
    ].join('\n'),
  };
}

function inject({ name, bootId }: NodeFacts): Act {
  return {
    on: name,
    sh: [readBootId, `[ "$boot" = ${quote(bootId)} ] || exit 0`, 'systemctl reboot'].join('\n'),
  };
}

/** Shows that a node's kernel may be told to reset it; in a container it would be told to reset its host. */
export function prepareReset(node: NodeFacts): Act {
  const { sh } = prepare(node) as { sh: string };
  return {
    on: node.name,
    sh: [
      sh,
      '[ ! -e /run/systemd/container ] || { echo "not available here: the node is a container, and its kernel is its host\'s" >&2; exit 1; }',
      '[ -w /proc/sysrq-trigger ] || { echo "not available here: /proc/sysrq-trigger cannot be written" >&2; exit 1; }',
    ].join('\n'),
  };
}

/** The kernel's own reset: it answers nothing any more, and does not sync. */
export function reset({ name, bootId }: NodeFacts): Act {
  return {
    on: name,
    ends: true,
    sh: [
      readBootId,
      `[ "$boot" = ${quote(bootId)} ] || exit 0`,
      '[ ! -e /run/systemd/container ] || exit 1',
      'echo b >/proc/sysrq-trigger',
    ].join('\n'),
  };
}

const readBootId = 'read -r boot </proc/sys/kernel/random/boot_id || exit 1';
