import { sparse } from './sparse.js';

describe(sparse.name, () => {
  it('leaves out a column that says nothing', () => {
    expect(sparse([null, undefined, false])).toBeNull();
    expect(sparse([])).toBeNull();
  });

  it.each([[[null, 'a']], [[false, true]], [[null, 0]], [[null, '']]])('keeps %j', (column) => {
    expect(sparse<unknown>(column)).toBe(column);
  });
});
