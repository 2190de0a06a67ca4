import type { Series } from '../model/plan.ts';
import { longest, type Measured } from '../model/span.ts';
import type { EachEndpointSeen, EndpointSeen, Timeline } from '../model/timeline.ts';
import { settledAt, type Since } from './injected.ts';
import { apart, leftOut } from './left-out.ts';
import { pathOutage } from './path-outage.ts';
import { calmMs } from './sampling.ts';
import { samplesOf, usedFrom, type Used } from './series.ts';

/** A pod of ours on one node, and an endpoint that it asked. */
export interface Path {
  readonly endpoint: EndpointSeen;
  /** How often it was asked in the time that counts. */
  readonly asked: number;
  readonly failures: readonly Failure[];
  readonly outage: Measured;
}

export interface Failure {
  readonly due: number;
  readonly error: string;
  /** Of all that were listed then, how many gave this pod no good answer. */
  readonly dead: number;
  readonly listed: number;
}

/** What the pod of one node was answered by each endpoint; of a node that a fault is aimed at, as `leftOut` has it. */
export function pathsFrom(timeline: Timeline, series: Series, since: Since): readonly Path[] {
  const end = Math.min(settledAt(timeline), samplesOf(timeline, series).at(-1)?.due ?? 0);
  const told = usedFrom(timeline, series, since.at.lo - calmMs).filter(
    ({ due, value }) => due <= end && value !== undefined,
  );
  const spans = leftOut(timeline, series);
  const { between } = apart(told, spans);
  const counted = between.flat().filter(({ due }) => due >= since.at.lo);
  // What came of those that a pod told last, it cannot tell where it fell silent.
  const last = between.at(-1)?.at(-1);
  const silence = { lo: 0, hi: last === undefined ? 0 : end - last.due };
  const endpoints = new Map(counted.flatMap(listedIn).map((one) => [keyOf(one), one]));
  return [...endpoints].map(([key, endpoint]) => ({
    endpoint,
    asked: counted.filter((look) => answerIn(look, key) !== undefined).length,
    failures: counted.flatMap((look) => failureIn(look, key)),
    outage: longest([
      silence,
      ...between.map((stretch, index) => {
        const slots = stretch.map((look) => ({ ...look, ok: isFine(answerIn(look, key)) }));
        return pathOutage(slots, since.at.lo, spans[index]?.lo);
      }),
    ]),
  }));
}

function listedIn({ value }: Used): readonly EndpointSeen[] {
  return (value as EachEndpointSeen).endpoints;
}

/** One that comes back by its name at another address is another. */
export function keyOf({ pod, address }: EndpointSeen): string {
  return `${pod} ${address}`;
}

/** Undefined of one that is not listed: nobody is led there. */
function answerIn(look: Used, key: string): EndpointSeen | undefined {
  return listedIn(look).find((one) => keyOf(one) === key);
}

/** Who is not listed cannot fail anybody. */
function isFine(answer: EndpointSeen | undefined): boolean {
  return answer?.error === undefined;
}

function failureIn(look: Used, key: string): readonly Failure[] {
  const error = answerIn(look, key)?.error;
  if (error === undefined) return [];
  const listed = listedIn(look);
  const dead = listed.filter((one) => one.error !== undefined).length;
  return [{ due: look.due, error, dead, listed: listed.length }];
}
