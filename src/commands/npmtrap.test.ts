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

  it('does not print an address, which may be a secret, wherever npm put it', () => {
    const url = 'https://chat.example.org/hooks/T0P-S3CRET';
    const envs: readonly (readonly [Readonly<Record<string, string>>, readonly string[]])[] = [
      [npm({ npm_config_webhook: url }), ['leader-loss']],
      [npm({ npm_config_webhook: 'true' }), ['leader-loss', url]],
      [npm({ npm_config_webhook: 'true', npm_config_seed: '9' }), [url, 'leader-loss']],
    ];
    for (const [env, args] of envs) {
      const said = swallowedByNpm(env, [...names, 'webhook'], args);
      expect(said).to.include('--webhook …');
      expect(said).to.not.include('S3CRET');
    }
  });

  it('leaves a gap where it cannot tell which value is whose', () => {
    const env = npm({ npm_config_cluster: 'true', npm_config_seed: 'true' });
    const said = swallowedByNpm(env, names, ['leader-loss', 'rack.yaml', '9']);
    expect(said).to.match(/-- --cluster … --seed …$/);
  });
});
