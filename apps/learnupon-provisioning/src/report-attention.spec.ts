import { findCircles } from './report-attention.js';

const claims = (...pairs: readonly string[]) =>
  pairs.map((pair) => {
    const [employeeId = '', blockedBy = ''] = pair.split('>');
    return { employeeId, blockedBy };
  });

it.each<[string, string[], string[][]]>([
  ['nobody', [], []],
  ['one who waits for somebody who waits for nobody', ['1>2'], []],
  ['two who swap', ['1>2', '2>1'], [['1', '2']]],
  ['three in a ring', ['1>2', '2>3', '3>1'], [['1', '2', '3']]],
  ['somebody behind two who swap', ['1>2', '2>3', '3>2'], [['2', '3']]],
  [
    'two rings',
    ['1>2', '2>1', '3>4', '4>3'],
    [
      ['1', '2'],
      ['3', '4'],
    ],
  ],
])('finds circles: %s', (_, pairs, circles) => {
  expect(findCircles(claims(...pairs))).toEqual(circles);
});
