const { imul } = Math;

/** FNV-1a, and Murmur3's last step: even for ids that differ in one digit. */
const hash = (seed: number, text: string): number => {
  let value = seed;
  for (let at = 0; at < text.length; at += 1) value = imul(value ^ text.charCodeAt(at), 0x01000193);
  return value;
};

const mixed = (value: number): number => {
  const first = imul(value ^ (value >>> 16), 0x85ebca6b);
  const second = imul(first ^ (first >>> 13), 0xc2b2ae35);
  return (second ^ (second >>> 16)) >>> 0;
};

export const rampSeed = (tenant: string, portal: string): number => hash(0x811c9dc5, `${tenant}/${portal}/`);

/** From 0 to 100, always the same for the same tenant, portal and employee: a greater share only adds people. */
export const rampShare = (seed: number, employeeId: string): number => (mixed(hash(seed, employeeId)) / 2 ** 32) * 100;
