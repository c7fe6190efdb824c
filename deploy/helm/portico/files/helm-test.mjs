// Asks every service whether it is ready, and the admin API whether it knows a token. All faults are said.
import { readFileSync } from 'node:fs';

const faults = [];
const check = async (what, work) => {
  try {
    await work();
    console.log(`ok: ${what}`);
  } catch (error) {
    faults.push(what);
    console.error(`FAILED: ${what}: ${error.message}`);
  }
};
const get = async (url, headers) => {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
};

const services = process.env.SERVICES.split(',');
for (const service of services) {
  await check(`${service} is ready`, () => get(`http://${service}/readyz`));
}
const firstToken = (text) =>
  text.startsWith('[') ? JSON.parse(text)[0].token : /^(?!#)\S+/m.exec(text.replace(/^\s+/gm, ''))?.[0];
const adminApi = services.find((service) => service.endsWith('-admin-api:80'));
if (adminApi !== undefined) {
  await check('the admin API knows its tokens', async () => {
    const token = firstToken(readFileSync(process.env.TOKENS_FILE, 'utf8').trim());
    await get(`http://${adminApi}/v1/me`, { Authorization: `Bearer ${token}` });
  });
}
process.exitCode = faults.length === 0 ? 0 : 1;
