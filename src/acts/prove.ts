import { setTimeout as delay } from 'node:timers/promises';
import type { Answer, Proof } from '../model/intent.ts';
import { LinkError } from '../links/errors.ts';
import { fromAnyApi } from './anyapi.ts';
import { podGone } from './evict.ts';
import { objectAs, valueAt } from './object-as.ts';
import { deviceOf, messageOf, type World } from './world.ts';

/** What came of asking some proofs: *no* if any says no, else *unclear* if any is, else *yes*. */
export interface Proven {
  readonly answer: Answer;
  /** Of each proof, what was asked and what came back. */
  readonly said: readonly string[];
}

interface Said {
  readonly answer: Answer;
  readonly detail: string;
}

const askTimeoutMs = 5000;
const pauseMs = 100;

/**
 * Asks until all say yes or the time is up; the answers are those of the last round.
 * @param atMostMs for all rounds together; the last one may take five seconds more
 */
export async function untilProved(
  proofs: readonly Proof[],
  world: World,
  atMostMs: number,
): Promise<Proven> {
  const end = world.now() + atMostMs;
  for (;;) {
    const proven = await ask(proofs, world);
    if (proven.answer === 'yes' || world.now() >= end) return proven;
    await delay(pauseMs);
  }
}

/** Asks each proof once, all at the same time. */
async function ask(proofs: readonly Proof[], world: World): Promise<Proven> {
  const all = await Promise.all(
    proofs.map((proof) =>
      askOne(proof, world).catch((error: unknown): Said => ({
        answer: 'unclear',
        detail: messageOf(error),
      })),
    ),
  );
  const has = (answer: Answer): boolean => all.some((said) => said.answer === answer);
  return {
    answer: has('no') ? 'no' : has('unclear') ? 'unclear' : 'yes',
    said: all.map(
      ({ answer, detail }, i) => `${proofs[i]?.says ?? ''}: ${answer}${detail && ` (${detail})`}`,
    ),
  };
}

async function askOne(proof: Proof, world: World): Promise<Said> {
  const { links, controlPlanes } = world;
  if ('sh' in proof) {
    const ssh = await links.ssh(proof.from);
    const { code, stderr } = await ssh.run(proof.sh, { sudo: true, timeoutMs: askTimeoutMs });
    const answer = code === 0 ? 'yes' : code === 1 ? 'no' : 'unclear';
    return { answer, detail: answer === 'yes' ? '' : stderr.trim() };
  }
  if ('get' in proof) {
    const found = await fromAnyApi(links, controlPlanes, (kube) => kube.get<unknown>(proof.get));
    // What is not there is null: JSON has no word for undefined, and an intent must survive the journal.
    const value = JSON.stringify(valueAt(found, proof.at.split('.')) ?? null);
    return { answer: value === JSON.stringify(proof.is) ? 'yes' : 'no', detail: value };
  }
  if ('object' in proof) {
    const { isSo, detail } = await objectAs(proof, world);
    return { answer: isSo ? 'yes' : 'no', detail };
  }
  if ('noPod' in proof) {
    const { namespace, name } = proof.noPod;
    return {
      answer: (await podGone(namespace, name, proof.uid, world)) ? 'yes' : 'no',
      detail: '',
    };
  }
  if ('power' in proof) {
    const state = await deviceOf(proof.node, world).state();
    return { answer: state === proof.power ? 'yes' : 'no', detail: state };
  }
  const answers = await doesAnswer(proof.node, world);
  return { answer: answers === proof.answers ? 'yes' : 'no', detail: '' };
}

/** @throws LinkError of a node that answers, and not as it should: it is there, and nobody knows what it is */
async function doesAnswer(node: string, { links }: World): Promise<boolean> {
  try {
    await (await links.ssh(node)).run('true', { timeoutMs: askTimeoutMs });
    return true;
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    const silent = error.kind === 'connect' || error.kind === 'timeout' || error.kind === 'lost';
    // A port that is refused is refused by somebody.
    if (silent && error.code !== 'ECONNREFUSED') return false;
    throw error;
  }
}
