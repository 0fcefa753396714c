import { readFileSync } from 'node:fs';

type Configuration = Record<string, unknown>;

function read(name: string): Configuration {
  return JSON.parse(readFileSync(new URL(`../../../${name}`, import.meta.url), 'utf8')) as Configuration;
}

/** What is run, and how long it may take. */
const OWN = ['testMatch', 'testPathIgnorePatterns', 'testTimeout'];

function shared(name: string): Configuration {
  return Object.fromEntries(Object.entries(read(name)).filter(([key]) => !OWN.includes(key)));
}

describe('the two configurations of the tests', () => {
  it('differ in what they run and how long that may take, and in nothing else', () => {
    expect(shared('jest.faults.json')).toEqual(shared('jest.config.json'));
  });

  it('leave the long half of the faults to `npm run test:faults`', () => {
    expect(read('jest.config.json')['testPathIgnorePatterns']).toContain('<rootDir>/test/faults/[^/]+/long/');
    expect(read('jest.faults.json')['testPathIgnorePatterns']).toEqual(['/node_modules/']);
  });
});
