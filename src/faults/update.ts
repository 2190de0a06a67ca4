/**
 * Gives a Deployment another template of its pods, as `kubectl set image` or `kubectl patch` do: its controller replaces the
 * pods by its own strategy. Whether the new ones become ready is a claim's matter.
 *
 * The template carries an annotation of ours, so that no other can be taken for it. Taken back by the template of before,
 * which makes the controller replace the pods once more.
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#updating-a-deployment
 */
import { z } from 'zod';
import { isImpossible, type DesignContext, type Fault, type Impossible } from '../model/fault.ts';
import { objectName } from '../model/fields.ts';
import type { Intent } from '../model/intent.ts';
import type { PodTemplate } from '../model/snapshot.ts';
import { changing, isNow, notThere, podsOf } from './change.ts';
import { mergePatch } from './merge-patch.ts';

export interface UpdateParams extends Readonly<Record<string, unknown>> {
  readonly deployment: string;
  readonly container?: string | undefined;
  readonly image?: string | undefined;
  readonly patch?: Readonly<Record<string, unknown>> | undefined;
}

export const templatePath = ['spec', 'template'];

/** Names the intent that made a template. */
const ours = 'holdfast.dev/update';

export const update = {
  summary: 'give a Deployment another image, or another template of its pods',
  schema: z
    .strictObject({
      deployment: objectName,
      container: z
        .string()
        .min(1)
        .optional()
        .describe('The container that gets the image; without it, the only one'),
      image: z.string().min(1).optional().describe('The image that it gets'),
      patch: z
        .record(z.string(), z.unknown())
        .optional()
        .describe(
          'A merge patch (RFC 7386) of the template, such as { metadata: { labels: { version: v2 } } }; ' +
            'a list in it replaces the whole list',
        ),
    })
    .refine(
      ({ image, patch }) => image !== undefined || patch !== undefined,
      'changes nothing; write image: NAME, or patch: { … }',
    )
    .refine(
      ({ image, container }) => image !== undefined || container === undefined,
      'names a container and no image for it; write image: NAME',
    ),
  example: { deployment: 'holdfast/web', image: 'docker.io/library/nginx:1.28' },
  design,
} satisfies Fault<UpdateParams>;

function design(params: UpdateParams, context: DesignContext): Intent | Impossible {
  const { deployment: object } = params;
  const says = sayUpdate(params);
  const facts = context.snapshot.objects.deployments[object];
  if (facts === undefined) return notThere('Deployment', object, says);
  const template = updated(facts.template, params);
  if (isImpossible(template)) return template;
  if (JSON.stringify(template) === JSON.stringify(facts.template))
    return { impossible: `there is nothing to ${says}: it is so already` };
  const field = { kind: 'deployments', object, uid: facts.uid, path: templatePath } as const;
  const marked = mergePatch(template, { metadata: { annotations: { [ours]: context.id } } });
  const hit = podsOf(object, facts, context);
  const change = changing(field, facts.template, marked, context, hit);
  if (isImpossible(change)) return change;
  const mark = { ...field, path: [...templatePath, 'metadata', 'annotations', ours] };
  return {
    ...change,
    fault: 'update',
    says,
    // The whole template would not do: the API adds its defaults to what it is given.
    bit: [{ ...isNow(mark, context.id, `${object} has the new template`), rollout: 'observed' }],
  };
}

function sayUpdate({ deployment, container, image, patch }: UpdateParams): string {
  const to = [
    ...(image === undefined ? [] : [container === undefined ? image : `${image} in ${container}`]),
    ...(patch === undefined ? [] : [JSON.stringify(patch)]),
  ];
  return `update ${deployment} to ${to.join(' and ')}`;
}

/** The template as it will be, or why it cannot. */
function updated(
  template: PodTemplate,
  { deployment, container, image, patch = {} }: UpdateParams,
): object | Impossible {
  if (image === undefined) return mergePatch(template, patch) as object;
  const { containers } = template.spec;
  const names = containers.map(({ name }) => name);
  const meant = container ?? (names.length === 1 ? names[0] : undefined);
  if (meant === undefined || !names.includes(meant))
    return {
      impossible:
        (container === undefined
          ? `${deployment} has several containers`
          : `${deployment} has no container "${container}"`) +
        `; write container: with one of: ${names.join(', ')}`,
    };
  const spec = {
    containers: containers.map((one) => (one.name === meant ? { ...one, image } : one)),
  };
  return mergePatch(mergePatch(template, { spec }), patch) as object;
}
