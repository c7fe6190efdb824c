/** One call of the control API; an error has its words. */
export const call = async (method, path, body) => {
  const answer = await fetch(`/_sandbox${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error ?? `${method} ${path} answered ${answer.status}`);
  return value;
};

const notice = document.getElementById('notice');

export const say = (text, isBad = false) => {
  notice.textContent = text;
  notice.className = isBad ? 'bad' : '';
};

let refresh = () => Promise.resolve();

/** @param redraw what brings the page up to date after something was done */
export const onDone = (redraw) => {
  refresh = redraw;
};

/** Does something, says how it went, and brings the page up to date. */
export const act = async (done, work) => {
  try {
    await work();
    say(done);
    await refresh();
    return true;
  } catch (error) {
    say(error.message, true);
    return false;
  }
};
