import { didYouMean, nearestName } from './nearest-name.js';

describe('nearestName', () => {
  it.each([
    ['departmnt', 'department'],
    ['Location', 'location'],
    ['audiance', 'audience'],
    ['shoeSize', undefined],
  ])('%s → %s', (written, expected) => {
    expect(nearestName(written, ['department', 'location', 'audience'])).toBe(expected);
  });

  it('is silent where nothing is near', () => {
    expect(didYouMean('shoeSize', ['department'])).toBe('');
  });
});
