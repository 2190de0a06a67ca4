import { impossible, type Specification, type Step } from '../../linearizable.ts';

/** A history of one object, for the search. */
export interface Searchable {
  readonly steps: readonly Step[];
  readonly specification: Specification;
}

/** What a client asked, in the words of a history, and what it was told. */
interface Call {
  readonly key: string;
  readonly what: 'read' | 'write' | 'append' | 'cas';
  readonly value: string;
  readonly expected: string;
  readonly called: number;
  returned: number;
  failed: boolean;
  told: string;
}

/** Reads a history of Jepsen's test of etcd: `INFO  jepsen.util - 2	:invoke	:cas	[3 0]`. */
export function readJepsen(text: string): readonly Searchable[] {
  return gathered(text, (line) => {
    const [process = '', type = '', f = '', ...rest] = line.replace(/^.* - /, '').split(/\s+/);
    const values = rest.join(' ').match(/\d+/g) ?? [];
    if (!/^:(invoke|ok|fail|info)$/.test(type) || !/^:(read|write|cas)$/.test(f))
      throw new Error(`this line of a history is not understood: ${line}`);
    const isCas = f === ':cas';
    return {
      process,
      // A read that failed told nothing; a write or a compare-and-swap without an answer may have happened.
      type: type === ':fail' && f === ':read' ? 'info' : type.slice(1),
      what: f.slice(1) as Call['what'],
      key: '',
      value: (isCas ? values[1] : values[0]) ?? '',
      expected: (isCas ? values[0] : undefined) ?? '',
    };
  });
}

/** Reads a history of a store of strings: `{:process 0, :type :ok, :f :append, :key "0", :value "x 0 0 y"}`. */
export function readKeyValue(text: string): readonly Searchable[] {
  const names: Readonly<Record<string, Call['what']>> = {
    get: 'read',
    put: 'write',
    append: 'append',
  };
  return gathered(text, (line) => {
    const found =
      /^\{:process (\d+), :type :(\w+), :f :(\w+), :key "(.*)", :value (?:nil|"(.*)")\}$/.exec(
        line,
      );
    const [, process = '', type = '', f = '', key = '', value = ''] = found ?? [];
    const what = names[f];
    if (what === undefined) throw new Error(`this line of a history is not understood: ${line}`);
    return { process, type, what, key, value, expected: '' };
  });
}

interface Line extends Pick<Call, 'key' | 'what' | 'value' | 'expected'> {
  readonly process: string;
  readonly type: string;
}

/** Puts calls and returns together; the number of the line is the instant. */
function gathered(text: string, parse: (line: string) => Line): readonly Searchable[] {
  const calls: Call[] = [];
  const open = new Map<string, Call>();
  for (const [at, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const { process, type, ...asked } = parse(line);
    if (type === 'invoke') {
      const call = { ...asked, called: at, returned: Infinity, failed: false, told: '' };
      open.set(process, call);
      calls.push(call);
      continue;
    }
    const call = open.get(process);
    if (call === undefined) throw new Error(`process ${process} returned without a call: ${line}`);
    open.delete(process);
    if (type !== 'info')
      Object.assign(call, { returned: at, failed: type === 'fail', told: asked.value });
  }
  const certain = calls.filter(({ what, returned }) => what !== 'read' || returned !== Infinity);
  const keys = new Set(certain.map(({ key }) => key));
  return [...keys].map((key) => searchable(certain.filter((call) => call.key === key)));
}

/** The state is the string that is there, by number. */
function searchable(calls: readonly Call[]): Searchable {
  const strings = [''];
  const numbers = new Map([['', 0]]);
  const numberOf = (text: string): number => {
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, strings.length);
    return strings.push(text) - 1;
  };
  const isRead = ({ what, failed }: Call): boolean => what === 'read' || failed;
  const effects = calls.map((call) => numberOf(call.what === 'read' ? call.told : call.value));
  const expected = calls.map((call) => numberOf(call.expected));
  return {
    steps: calls.map((call) => ({
      called: call.called,
      returned: call.returned,
      isRead: isRead(call),
    })),
    specification: {
      initial: 0,
      after: (state, step) => {
        const call = calls[step];
        const effect = effects[step] ?? 0;
        if (call === undefined) throw new RangeError(`there is no call ${step}`);
        switch (call.what) {
          case 'read':
            return state === effect ? state : impossible;
          case 'write':
            return effect;
          case 'append':
            return numberOf((strings[state] ?? '') + call.value);
          case 'cas':
            if (call.failed) return state === expected[step] ? impossible : state;
            return state === expected[step] ? effect : impossible;
        }
      },
    },
  };
}
