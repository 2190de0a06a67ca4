import { z } from 'zod';
import { wrong } from '../model/fields.ts';
import type { Load, Workload } from '../model/scenario.ts';

const names = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';
const serviceAsText = { error: wrong('namespace/name of a Service, such as shop/web') };
const pathAsText = { error: wrong('a path such as /healthz, without spaces or quotes') };
const hostAsText = { error: wrong('the name of a host, such as shop.example.org') };
const addressAsText = { error: wrong('an address such as 192.0.2.7; no DNS is asked') };

const port = z.int().min(1).max(65_535);

const ingress = z.strictObject({
  ingress: z
    .string(hostAsText)
    .regex(new RegExp(`^${names}(?:\\.${names})*$`), hostAsText)
    .describe('The host that an Ingress serves'),
  address: z
    .union([z.ipv4(), z.ipv6()], addressAsText)
    .optional()
    .describe('Where it is served; what the Ingress says of itself without'),
  port: port.optional().describe('80 without, or 443 with https'),
  https: z.boolean().optional().describe('By TLS; whose certificate it is, is not asked'),
});

const ways = ['node-port', 'load-balancer', 'pod'] as const;

const service = z
  .strictObject({
    service: z
      .string(serviceAsText)
      .regex(new RegExp(`^${names}/${names}$`), serviceAsText)
      .describe('A Service that is there already, as namespace/name; it is only asked'),
    port: z
      .union([port, z.string().min(1)], {
        error: wrong('the number or the name of one of its ports'),
      })
      .optional()
      .describe('One of its ports, by number or name; its first without'),
    path: z
      .string(pathAsText)
      // It becomes part of a configuration of nginx, in which these characters mean nothing.
      .regex(/^\/[\w.~!&()*+,=:@%/?-]*$/, pathAsText)
      .default('/')
      .describe('What is asked for'),
    expect: z.int().min(100).max(599).default(200).describe('The HTTP status of a good answer'),
    by: z
      .union([z.enum(ways), ingress], {
        error: wrong('node-port, load-balancer, pod or { ingress: HOST }'),
      })
      .default('node-port')
      .describe('The way in from outside; pod for none: only pods of ours ask it then'),
  })
  .transform(({ service, ...rest }) => {
    const [namespace = '', name = ''] = service.split('/');
    return { namespace, service: name, ...rest };
  });

/** What is asked throughout a run: a workload of ours by the name of its file, or a Service of the users. */
export function workloadOr(name: z.ZodType<string>): z.ZodType<Workload> {
  return z
    .union([name, service], {
      error: wrong('the name of a file in scenarios/workloads, or { service: NAMESPACE/NAME }'),
    })
    .describe(
      'Name of a file in scenarios/workloads, or a Service that is there already',
    ) as z.ZodType<Workload>;
}

const rateAsText = { error: wrong('a rate from 10/s to 1000/s, such as 200/s') };

/** Requests at a set rate: `200/s` in the file. */
export const load: z.ZodType<Load> = z
  .strictObject({
    rate: z
      .string(rateAsText)
      .regex(/^(?:[1-9]\d{1,2}|1000)\/s$/, rateAsText)
      .describe('Requests in a second, over all ways in from outside together'),
  })
  .transform(({ rate }) => ({ perSecond: parseInt(rate, 10) }))
  .describe('Requests to the workload at a set rate, beside those of the other probes');
