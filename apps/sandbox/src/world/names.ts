/** A name as it is written and, for e-mail addresses, in ASCII. */
export type Name = readonly [written: string, ascii: string];
type Names = readonly [Name, ...Name[]];

const latin = (...names: [string, ...string[]]): Names => {
  const [first, ...others] = names.map((name): Name => [
    name,
    name
      .normalize('NFD')
      .replace(/[^a-z]/gi, '')
      .toLowerCase(),
  ]);
  return first ? [first, ...others] : [['Ada', 'ada']];
};

interface People {
  readonly first: Names;
  readonly last: Names;
}

const irish: People = {
  first: latin(
    'Aoife',
    'Ciarán',
    'Siobhán',
    'Niamh',
    'Oisín',
    'Sinéad',
    'Declan',
    'Gráinne',
    'Conor',
    'Róisín',
    'Eoin',
    'Maeve',
  ),
  last: latin(
    'Byrne',
    "O'Brien",
    'Ní Dhomhnaill',
    'Kelly',
    'Walsh',
    'McCarthy',
    'Doyle',
    'Ó Súilleabháin',
    'Gallagher',
    'Quinn',
  ),
};
const english: People = {
  first: latin(
    'Ada',
    'Grace',
    'Tom',
    'Priya',
    'Jack',
    'Olivia',
    'Noah',
    'Amelia',
    'Samir',
    'Ruth',
    'Henry',
    'Zoe',
    'Mary Ann',
  ),
  last: latin(
    'Moss',
    'Hill',
    'Park',
    'Turner',
    'Smith-Jones',
    'Baker',
    'Cole',
    'Patel',
    'Reid',
    'Wood',
    'Khan',
    'Fox',
    'Null',
  ),
};
const continental: People = {
  first: latin(
    'Jürgen',
    'Zoë',
    'François',
    'María José',
    'Łukasz',
    'Åsa',
    'Chloé',
    'Bjørn',
    'Inês',
    'Giulia',
    'Žofie',
    'Renée',
  ),
  last: latin(
    'Müller',
    'García Márquez',
    'Lefèvre',
    'Kowalczyk',
    'Ångström',
    'van der Berg',
    "D'Angelo",
    'Novák',
    'São João',
    'Sørensen',
  ),
};
const cyrillic: People = {
  first: [
    ['Ольга', 'olga'],
    ['Дмитро', 'dmytro'],
    ['Ірина', 'iryna'],
    ['Андрій', 'andrii'],
    ['Наталія', 'nataliia'],
    ['Борис', 'borys'],
  ],
  last: [
    ['Шевченко', 'shevchenko'],
    ['Коваль', 'koval'],
    ['Мельник', 'melnyk'],
    ['Бондар', 'bondar'],
    ['Ткач', 'tkach'],
  ],
};
const greek: People = {
  first: [
    ['Ελένη', 'eleni'],
    ['Γιώργος', 'giorgos'],
    ['Άννα', 'anna'],
    ['Νίκος', 'nikos'],
  ],
  last: [
    ['Παπαδοπούλου', 'papadopoulou'],
    ['Γεωργίου', 'georgiou'],
    ['Νικολάου', 'nikolaou'],
  ],
};
const eastAsian: People = {
  first: [
    ['陽菜', 'hina'],
    ['健太', 'kenta'],
    ['伟', 'wei'],
    ['丽华', 'lihua'],
    ['지훈', 'jihun'],
    ['서연', 'seoyeon'],
  ],
  last: [
    ['佐藤', 'sato'],
    ['山田', 'yamada'],
    ['王', 'wang'],
    ['陈', 'chen'],
    ['김', 'kim'],
    ['박', 'park'],
  ],
};
const semitic: People = {
  first: [
    ['ליאור', 'lior'],
    ['נועה', 'noa'],
    ['فاطمة', 'fatima'],
    ['يوسف', 'yousef'],
    ['ليلى', 'layla'],
  ],
  last: [
    ['כהן', 'cohen'],
    ['לוי', 'levi'],
    ['الهاشمي', 'alhashimi'],
    ['حداد', 'haddad'],
  ],
};
const indic: People = {
  first: [
    ['आरव', 'aarav'],
    ['अनन्या', 'ananya'],
    ['ரவி', 'ravi'],
    ['மீரா', 'meera'],
  ],
  last: [
    ['शर्मा', 'sharma'],
    ['गुप्ता', 'gupta'],
    ['குமார்', 'kumar'],
  ],
};

/** One entry per share of the company's people. */
export const PEOPLES: readonly [People, ...People[]] = [
  irish,
  irish,
  irish,
  irish,
  english,
  english,
  english,
  english,
  continental,
  continental,
  continental,
  cyrillic,
  greek,
  eastAsian,
  semitic,
  indic,
];

export const PREFERRED_NAMES = [
  'Alex',
  'Sam',
  'Bobby',
  'Kit',
  'Charlie',
  'Jo',
  'Max',
  'Robin',
  'Nell',
  'Teddy',
] as const;
