import { expect } from 'chai';
import { wrongOfCaches } from './cached.ts';
import type { CachedRead, RegisterDelete, RegisterOperation, RegisterWrite } from './operation.ts';

const base = { client: 'c1', through: 'pi1', object: 'config', outcome: 'done' } as const;

type Said<T> = Partial<Omit<T, 'called' | 'returned'>>;

/** Each lasts 5 ms. */
function write(called: number, value: string, said: Said<RegisterWrite> = {}): RegisterWrite {
  return { ...base, kind: 'write', called, returned: called + 5, value, ...said };
}

function deletion(called: number, said: Said<RegisterDelete> = {}): RegisterDelete {
  return { ...base, kind: 'delete', called, returned: called + 5, ...said };
}

/** @param value without one, it told that there is no such object */
function told(called: number, value?: string, said: Said<CachedRead> = {}): CachedRead {
  return { ...base, kind: 'cached-read', called, returned: called + 5, value, ...said };
}

function because(...operations: readonly RegisterOperation[]): readonly string[] {
  return wrongOfCaches(operations).map((one) => one.because);
}

const a = write(0, 'a', { version: '9' });
const b = write(10, 'b', { version: '10' });
const toldA = (called: number, said: Said<CachedRead> = {}): CachedRead =>
  told(called, 'a', { version: '9', ...said });
const toldB = (called: number, said: Said<CachedRead> = {}): CachedRead =>
  told(called, 'b', { version: '10', ...said });

describe('a value that a cache told and nobody had written', () => {
  it('is wrong where nobody ever wrote it: the read alone shows it', () => {
    const read = told(20, 'x');
    expect(wrongOfCaches([a, read])).to.deep.equal([
      {
        wrong: 'cache',
        object: 'config',
        because:
          'a read of a cache through pi1 from 0.020 s to 0.025 s returned x, which nobody had written by then',
        operations: [read],
      },
    ]);
  });

  it('is wrong where it was written later: the read and that write show it', () => {
    const read = told(4, 'b');
    expect(wrongOfCaches([b, read])).to.deep.equal([
      {
        wrong: 'cache',
        object: 'config',
        because:
          'a read of a cache through pi1 from 0.004 s to 0.009 s returned b, which nobody had written by then',
        operations: [read, b],
      },
    ]);
  });

  it('is right where its write was sent in the very instant of the answer', () => {
    expect(because(b, told(5, 'b'))).to.deep.equal([]);
  });

  it('is right where its write was never answered, and wrong where it certainly did not happen', () => {
    const unanswered = write(0, 'a', { outcome: 'indeterminate' });
    expect(because(unanswered, told(20, 'a'))).to.deep.equal([]);
    for (const outcome of ['refused', 'conflict'] as const)
      expect(because(write(0, 'a', { outcome }), told(20, 'a')), outcome).to.have.length(1);
  });

  it('is no word of the store, nor of a cache that did not answer', () => {
    expect(because({ ...told(20, 'x'), kind: 'read' })).to.deep.equal([]);
    for (const outcome of ['refused', 'indeterminate'] as const)
      expect(because(told(20, 'x', { outcome })), outcome).to.deep.equal([]);
  });
});

describe('a cache that went back', () => {
  it('is wrong: what it told before and what it told then show it', () => {
    expect(wrongOfCaches([a, b, toldB(20), toldA(30)])).to.deep.equal([
      {
        wrong: 'cache',
        object: 'config',
        because:
          'a read of a cache through pi1 from 0.030 s to 0.035 s returned a of version 9, ' +
          'but c1 had been told b at 0.025 s through pi1 already',
        operations: [toldB(20), toldA(30)],
      },
    ]);
  });

  it('is told by the order of the questions, not by that of the list', () => {
    expect(because(a, b, toldB(30), toldA(20))).to.deep.equal([]);
    expect(because(a, b, toldA(30), toldB(20))).to.have.length(1);
  });

  it('is wrong each time, as long as it is behind what it told', () => {
    expect(because(a, b, toldB(20), toldA(30), toldA(40), toldB(50))).to.have.length(2);
  });

  it('is compared with the newest that was told, not with the first', () => {
    const c = write(12, 'c', { version: '11' });
    const toldC = told(30, 'c', { version: '11' });
    expect(because(a, b, c, toldA(20), toldC, toldB(40))).to.have.length(1);
  });

  it('is one cache for each client and server: what others told is not before it', () => {
    for (const other of [{ client: 'c2' }, { through: 'pi2' }])
      expect(because(a, b, toldB(20), toldA(30, other)), JSON.stringify(other)).to.deep.equal([]);
  });

  it('is not to be told by versions that are missing, or are not numbers', () => {
    expect(because(a, b, toldB(20, { version: undefined }), toldA(30))).to.deep.equal([]);
    expect(because(a, b, toldB(20), toldA(30, { version: undefined }))).to.deep.equal([]);
    expect(because(a, b, toldB(20, { version: 'newer' }), toldA(30))).to.deep.equal([]);
  });

  it('may tell the same again', () => {
    expect(because(a, toldA(20), toldA(30))).to.deep.equal([]);
  });

  it('may not have answered, or have told of nothing, before', () => {
    expect(because(a, b, toldB(20, { outcome: 'refused' }), toldA(30))).to.deep.equal([]);
    expect(because(a, told(20), toldA(30))).to.deep.equal([]);
    expect(because(a, told(20), told(30))).to.deep.equal([]);
    expect(because(a, toldA(20), told(30, undefined, { outcome: 'refused' }))).to.deep.equal([]);
  });
});

describe('a cache that told that the object is gone again', () => {
  const gone = (called: number): CachedRead => told(called);

  it('is wrong where nobody had asked for its deletion by then', () => {
    expect(because(a, toldA(20), gone(30))).to.deep.equal([
      'a read of a cache through pi1 from 0.030 s to 0.035 s returned that there is no such object, ' +
        'but c1 had been told a at 0.025 s through pi1 already',
    ]);
    expect(because(a, toldA(20), gone(30), deletion(36))).to.have.length(1);
  });

  it('is right where its deletion was acknowledged, or not answered, however late it was asked for', () => {
    expect(because(a, toldA(20), deletion(22), gone(30))).to.deep.equal([]);
    const late = deletion(35, { outcome: 'indeterminate' });
    expect(because(a, toldA(20), gone(30), late)).to.deep.equal([]);
  });

  it('is wrong where its deletion certainly did not happen', () => {
    for (const outcome of ['refused', 'conflict'] as const)
      expect(because(a, toldA(20), deletion(22, { outcome }), gone(30)), outcome).to.have.length(1);
  });
});
