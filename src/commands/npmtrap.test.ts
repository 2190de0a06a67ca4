import { expect } from 'chai';
import { swallowedByNpm } from './npmtrap.ts';

const names = ['cluster', 'seed', 'keep'];
const npm = (more: Readonly<Record<string, string>>): Readonly<Record<string, string>> => ({
  npm_lifecycle_event: 'scenario',
  ...more,
});

describe('swallowedByNpm', () => {
  it('finds nothing where npm kept nothing, and outside of npm', () => {
    expect(swallowedByNpm(npm({}), names, ['leader-loss', '--seed', '9'])).to.equal(undefined);
    expect(swallowedByNpm({ npm_config_seed: 'true' }, names, ['leader-loss'])).to.equal(undefined);
  });

  it('says the right line, with the value that npm gave as an argument', () => {
    const said = swallowedByNpm(npm({ npm_config_seed: 'true' }), names, ['leader-loss', '9']);
    expect(said).to.match(/: npm run scenario leader-loss -- --seed 9$/);
  });

  it('says the right line with values that npm kept', () => {
    const env = npm({ npm_config_cluster: 'rack.yaml', npm_config_keep: 'true' });
    const said = swallowedByNpm(env, names, ['leader-loss']);
    expect(said).to.match(/: npm run scenario leader-loss -- --cluster rack\.yaml --keep$/);
  });

  it('leaves a gap where it cannot tell which value is whose', () => {
    const env = npm({ npm_config_cluster: 'true', npm_config_seed: 'true' });
    const said = swallowedByNpm(env, names, ['leader-loss', 'rack.yaml', '9']);
    expect(said).to.match(/-- --cluster … --seed …$/);
  });
});
