import { sayInstant } from '../model/span.ts';
import type { RegisterDelete, RegisterOperation, RegisterWrite } from './operation.ts';
import type { Asked } from './register.ts';
import { sayOperation, sayReturned } from './say.ts';

/** So many operations are told one by one. */
const toldOperations = 6;

/**
 * Says why operations on a register are in no possible order.
 * @param part the smallest that shows it
 * @param all of the register
 */
export function sayWhyNot(part: readonly Asked[], all: readonly RegisterOperation[]): string {
  const answered = part.filter(({ outcome }) => outcome !== 'indeterminate');
  const last = answered.toSorted((a, b) => a.returned - b.returned).at(-1);
  const simple = last === undefined ? undefined : saySimple(last, part, all);
  if (simple !== undefined) return simple;
  const more = part.length - toldOperations;
  const told = part.slice(0, toldOperations).map(sayOperation).join('; ');
  return `no order of these is possible: ${told}${more > 0 ? `; and ${more} more` : ''}`;
}

function saySimple(
  last: Asked,
  part: readonly Asked[],
  all: readonly RegisterOperation[],
): string | undefined {
  const rest = part.filter((one) => one !== last);
  if (last.outcome === 'conflict') return `${sayOperation(last)}, though ${sayHeld(last)}`;
  const unwritten = sayUnwritten(last, rest, all);
  if (unwritten !== undefined) return unwritten;
  const rival = rest.find((one) => isRival(one, last));
  if (rival !== undefined)
    return `only one of two writes on one version can succeed, but ${sayOperation(rival)}, and ${sayOperation(last)}`;
  const newer = newest(last, rest);
  if (newer !== undefined) return `${sayOperation(last)}, but ${sayShown(newer)}`;
  return undefined;
}

/** What must have been otherwise for a conflict. */
function sayHeld(operation: Asked): string {
  const on = 'on' in operation ? operation.on : undefined;
  if (on === undefined) return 'there was such an object';
  if ('absent' in on) return 'there was no such object';
  return `version ${on.version} was still there`;
}

/** Of a read whose value cannot have been there yet. */
function sayUnwritten(
  last: Asked,
  rest: readonly Asked[],
  all: readonly RegisterOperation[],
): string | undefined {
  if (last.kind !== 'read' || last.value === undefined) return undefined;
  const isIts = (one: RegisterOperation): one is RegisterWrite =>
    one.kind === 'write' && one.value === last.value;
  const its = rest.find((one) => isIts(one) && one.outcome !== 'conflict');
  if (its === undefined) {
    const failed = all.find(isIts);
    const tried = failed === undefined ? '' : `: ${sayOperation(failed)}`;
    return `${sayOperation(last)}, which nobody had written${tried}`;
  }
  if (its.called <= last.returned) return undefined;
  return `${sayOperation(last)}, which was asked to be written only at ${sayInstant(its.called)}`;
}

/** What was shown last before an operation was asked, if it is not what that operation itself showed. */
function newest(last: Asked, rest: readonly Asked[]): Asked | undefined {
  return rest
    .filter(({ outcome, returned }) => outcome === 'done' && returned < last.called)
    .filter((one) => last.kind !== 'read' || shown(one) !== last.value)
    .toSorted((a, b) => a.returned - b.returned)
    .at(-1);
}

function shown(operation: Asked): string | undefined {
  return operation.kind === 'delete' ? undefined : operation.value;
}

function sayShown(operation: Asked): string {
  const when = sayReturned(operation);
  if (operation.kind === 'delete') return `its deletion had been acknowledged ${when}`;
  if (operation.kind === 'write') return `${operation.value} had been acknowledged ${when}`;
  return operation.value === undefined
    ? `that there is none had been read ${when}`
    : `${operation.value} had been read ${when}`;
}

function isRival(one: Asked, last: Asked): one is RegisterWrite | RegisterDelete {
  if (one.kind === 'read' || last.kind === 'read' || one.outcome !== 'done') return false;
  const { on } = one;
  return (
    on !== undefined &&
    last.on !== undefined &&
    'version' in on &&
    'version' in last.on &&
    on.version === last.on.version
  );
}
