/**
 * Freezes a service with SIGSTOP: it holds its connections and its lease on everything, and does nothing.
 *
 * All processes of the unit are frozen; of the containers' service the main one alone, as its unit holds the shims of
 * all pods. systemd goes on calling it active, and its port goes on accepting connections. Leaves a note of the
 * processes in /run/holdfast; undo lets those go on that are still the same.
 * Needs root and systemd on the node.
 */
import { z } from 'zod';
import { count, selector } from '../model/fields.ts';
import type { DesignContext, Fault } from '../model/fault.ts';
import type { Intent } from '../model/intent.ts';
import type { Count, Selector } from '../model/scenario.ts';
import type { ServiceName } from '../model/snapshot.ts';
import { inject, isFrozen, prepare, runsOn, undo } from './frozen.ts';
import { nothingNoted } from './script.ts';
import { membersDownWith, serviceIn, serviceName, serviceOn, serves } from './service.ts';

export interface FreezeParams extends Readonly<Record<string, unknown>> {
  readonly service: ServiceName;
  readonly target: Selector;
  readonly count: Count;
}

export const freeze = {
  summary: 'freeze the processes of a service with SIGSTOP: it still looks alive',
  schema: z.strictObject({ service: serviceName, target: selector, count: count.default('one') }),
  example: { service: 'datastore', target: 'leader' },
  design,
} satisfies Fault<FreezeParams>;

function design({ service: name }: FreezeParams, { id, targets, snapshot }: DesignContext): Intent {
  const service = serviceIn(snapshot, name);
  const all = targets.map((node) => serviceOn(node, name, service));
  const names = targets.map((node) => node.name);
  const mainOnly = name === 'containers';
  return {
    id,
    fault: 'freeze',
    says: `freeze the ${name} (${service.process}) on ${names.join(', ')}`,
    targets: names,
    service: name,
    holds: all.map(({ node, control }) => `${node}/${control.name}`),
    membersDown: membersDownWith(name, targets, snapshot),
    podsHit: [],
    prepare: all.map((one) => ({ on: one.node, sh: prepare(one, id, mainOnly) })),
    inject: all.map(({ node }) => ({ on: node, sh: inject(id) })),
    bit: all.map((one) => isFrozen(one, id)),
    undo: all.map(({ node }) => ({ on: node, sh: undo(id) })),
    gone: all.flatMap((one) => [nothingNoted(one.node, id), runsOn(one, mainOnly), ...serves(one)]),
    undoBy: 'node-timer',
  };
}
