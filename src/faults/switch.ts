/**
 * Leads a Service to other pods by another selector, all of them at once: how a blue-green deployment goes live. The pods
 * themselves are not touched. Taken back to the selector of before.
 * @see https://kubernetes.io/docs/concepts/services-networking/service/
 */
import { z } from 'zod';
import { isImpossible, type DesignContext, type Fault, type Impossible } from '../model/fault.ts';
import { objectName, podLabels } from '../model/fields.ts';
import type { Intent } from '../model/intent.ts';
import { sayLabels } from '../model/snapshot.ts';
import { changing, isNow, notThere } from './change.ts';

export interface SwitchParams extends Readonly<Record<string, unknown>> {
  readonly service: string;
  readonly selector: Readonly<Record<string, string>>;
}

export const switchService = {
  summary: 'lead a Service to other pods, by another selector',
  schema: z.strictObject({
    service: objectName,
    selector: podLabels.describe('Labels of the pods that it leads to from then on, all of them'),
  }),
  example: { service: 'holdfast/web', selector: { app: 'web', version: 'v2' } },
  design,
} satisfies Fault<SwitchParams>;

function design(
  { service: object, selector }: SwitchParams,
  context: DesignContext,
): Intent | Impossible {
  const to = sayLabels(selector);
  const facts = context.snapshot.objects.services[object];
  if (facts === undefined)
    return notThere('Service', object, `switch the Service ${object} to ${to}`);
  const was = facts.selector;
  if (Object.keys(was).length === 0)
    return { impossible: `the Service ${object} has no selector: others say where it leads to` };
  if (isSame(was, selector)) return { impossible: `the Service ${object} leads to ${to} already` };
  const path = ['spec', 'selector'];
  const field = { kind: 'services', object, uid: facts.uid, path } as const;
  const change = changing(field, was, selector, context);
  if (isImpossible(change)) return change;
  return {
    ...change,
    fault: 'switch',
    says: `switch the Service ${object} from ${sayLabels(was)} to ${to}`,
    bit: [isNow(field, selector, `${object} leads to ${to}`)],
  };
}

function isSame(a: SwitchParams['selector'], b: SwitchParams['selector']): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
