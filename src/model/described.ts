import type { Act, Proof } from './intent.ts';

/** An act or a proof in words: one line, and the script if it is one. */
export interface Described {
  readonly head: string;
  readonly script?: string;
}

/** What an act does and where. */
export function describeAct(act: Act): Described {
  if ('on' in act) return { head: `on ${act.on}, as root`, script: act.sh };
  if ('onAny' in act) return { head: `on one of ${act.onAny.join(', ')}, as root`, script: act.sh };
  if ('kube' in act) {
    const body = act.body === undefined ? '' : ` ${JSON.stringify(act.body)}`;
    return { head: `${act.kube} ${act.path}${body}` };
  }
  if ('evict' in act) {
    const { namespace, name } = act.evict;
    return {
      head: `evict ${namespace}/${name}, waiting up to ${act.atMostMs / 1000} s for its turn`,
    };
  }
  if (act.power === 'try')
    return { head: `try the power device of ${act.node}: it takes on, and says on` };
  const back = act.forMs === undefined ? '' : `, on again by itself after ${act.forMs / 1000} s`;
  return { head: `switch the power of ${act.node} ${act.power}${back}` };
}

/** What a proof asks and where. */
export function describeProof(proof: Proof): Described {
  const { says } = proof;
  if ('sh' in proof) return { head: `${says}, on ${proof.from}`, script: proof.sh };
  if ('get' in proof)
    return { head: `${says}: GET ${proof.get} has ${JSON.stringify(proof.is)} at ${proof.at}` };
  if ('object' in proof) {
    const { object, at, is, rollout } = proof;
    const further =
      rollout === undefined
        ? ''
        : `, and its controller has ${rollout === 'observed' ? 'taken note of it' : 'brought all its pods to it'}`;
    return {
      head: `${says}: GET ${object} has ${JSON.stringify(is)} at ${at.join('.')}${further}`,
    };
  }
  if ('noPod' in proof) {
    const { namespace, name } = proof.noPod;
    return { head: `${says}: there is no ${namespace}/${name} with uid ${proof.uid}` };
  }
  if ('power' in proof)
    return { head: `${says}: the power device of ${proof.node} says ${proof.power}` };
  return { head: `${says}: ${proof.node} ${proof.answers ? 'answers' : 'does not answer'}` };
}
