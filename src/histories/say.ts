import { sayInstant } from '../model/span.ts';
import type { AnyOperation, Operation, RegisterDelete, RegisterWrite } from './operation.ts';

/** So many elements of a set are told one by one. */
const toldElements = 8;

/** An operation for people: `a read through pi2 from 12.331 s to 12.340 s returned w-812 of version 5`. */
export function sayOperation(operation: AnyOperation): string {
  return `${sayAsked(operation)} ${sayAnswer(operation)}`;
}

/** What was asked, through which server and when: `a read through pi2 from 12.331 s to 12.340 s`. */
export function sayAsked(operation: AnyOperation): string {
  const { through, called, returned } = operation;
  const what = whatOf(operation);
  return `${what} through ${through} from ${sayInstant(called)} to ${sayInstant(returned)}`;
}

/** A value for people, also that there is none. */
export function sayValue(value: string | undefined): string {
  return value ?? 'that there is no such object';
}

/** When and by whom an answer came: `at 12.290 s through pi3`. */
export function sayReturned({ returned, through }: Operation): string {
  return `at ${sayInstant(returned)} through ${through}`;
}

function whatOf(operation: AnyOperation): string {
  switch (operation.kind) {
    case 'read':
      return 'a read';
    case 'cached-read':
      return 'a read of a cache';
    case 'write':
      return `a write of ${operation.value}${sayCondition(operation)}`;
    case 'delete':
      return `a deletion${sayCondition(operation)}`;
    case 'add':
      return `an addition of ${operation.element}`;
    case 'increment':
      return `an increment by ${operation.by}`;
  }
}

function sayCondition({ on }: RegisterWrite | RegisterDelete): string {
  if (on === undefined) return '';
  return 'version' in on ? ` on version ${on.version}` : ' as a new object';
}

function sayAnswer(operation: AnyOperation): string {
  switch (operation.outcome) {
    case 'conflict':
      return 'was answered with a conflict';
    case 'refused':
      return 'was refused and certainly did not happen';
    case 'indeterminate':
      return 'may have happened or not';
    case 'done':
      return sayDone(operation);
  }
}

function sayDone(operation: AnyOperation): string {
  switch (operation.kind) {
    case 'read':
      if ('elements' in operation) return `returned ${sayElements(operation.elements)}`;
      if ('count' in operation) return `returned ${operation.count}`;
      return `returned ${sayValue(operation.value)}${sayVersion(' of version', operation.version)}`;
    case 'cached-read':
      return `returned ${sayValue(operation.value)}${sayVersion(' of version', operation.version)}`;
    case 'write':
      return `was acknowledged${sayVersion(' as version', operation.version)}`;
    case 'delete':
    case 'add':
    case 'increment':
      return 'was acknowledged';
  }
}

function sayVersion(as: string, version: string | undefined): string {
  return version === undefined ? '' : `${as} ${version}`;
}

function sayElements(elements: readonly string[]): string {
  if (elements.length === 0) return 'the set without this element';
  const told = elements.slice(0, toldElements).join(', ');
  const more = elements.length - toldElements;
  return more > 0 ? `${told} and ${more} more` : told;
}
