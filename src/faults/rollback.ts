/**
 * Takes an update of a Deployment back, as an operator does with `kubectl rollout undo`: it gets the template of before.
 *
 * Only while an update of an earlier step stands. There is nothing of its own to take back: healing that update gives the
 * Deployment the same template.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-back-a-deployment
 */
import { z } from 'zod';
import type { DesignContext, Fault, Impossible } from '../model/fault.ts';
import { objectName } from '../model/fields.ts';
import type { Intent } from '../model/intent.ts';
import { holdOf, isNow, notThere, podsOf, replace } from './change.ts';
import { templatePath } from './update.ts';

export interface RollbackParams extends Readonly<Record<string, unknown>> {
  readonly deployment: string;
}

export const rollback = {
  summary: 'give a Deployment the template of before its update, as kubectl rollout undo does',
  schema: z.strictObject({ deployment: objectName }),
  example: { deployment: 'holdfast/web' },
  design,
} satisfies Fault<RollbackParams>;

function design(
  { deployment: object }: RollbackParams,
  context: DesignContext,
): Intent | Impossible {
  const says = `roll ${object} back`;
  const facts = context.snapshot.objects.deployments[object];
  if (facts === undefined) return notThere('Deployment', object, says);
  const field = { kind: 'deployments', object, uid: facts.uid, path: templatePath } as const;
  const before = context.standing
    .filter(({ holds }) => holds.includes(holdOf(field)))
    .flatMap(({ gone }) => gone)
    .find((proof) => 'object' in proof);
  if (before === undefined)
    return { impossible: `no update of ${object} stands that could be rolled back` };
  return {
    id: context.id,
    fault: 'rollback',
    says,
    targets: [],
    holds: [`${holdOf(field)} rollback`],
    membersDown: [],
    podsHit: podsOf(object, facts, context),
    changes: [object],
    prepare: [],
    inject: [replace(field, before.is)],
    bit: [
      { ...isNow(field, before.is, `${object} has the template of before`), rollout: 'observed' },
    ],
    undo: [],
    gone: [],
    undoBy: 'nothing',
  };
}
