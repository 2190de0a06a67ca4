import { quote } from './quote.ts';

/** Prints a line where one of a node's interfaces has an address, and nothing where none has; as any user. */
export function showsAddress(address: string): string {
  return `ip -o address show to ${quote(address)}`;
}
