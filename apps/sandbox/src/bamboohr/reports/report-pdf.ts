const LINES_A_PAGE = 60;

/** The letters of the file's one font; others become question marks. */
const printable = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').replace(/[\\()]/g, '\\$&');

const pageContent = (lines: readonly string[]): string => {
  const shown = lines.map((line) => `(${printable(line)}) Tj T*`).join('\n');
  return `BT /F1 8 Tf 12 TL 40 800 Td\n${shown}\nET`;
};

const pagesOf = (title: string, heading: string, lines: Iterable<string>): string[] => {
  const pages: string[] = [];
  let page = [title, heading];
  for (const line of lines) {
    page.push(line);
    if (page.length < LINES_A_PAGE) continue;
    pages.push(pageContent(page));
    page = [];
  }
  if (page.length > 0) pages.push(pageContent(page));
  return pages;
};

/** A plain document, one line a row. It is ASCII, so that lengths in characters are lengths in bytes. */
export const writePdf = (title: string, heading: string, lines: Iterable<string>): string => {
  const pages = pagesOf(title, heading, lines);
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    `<< /Type /Pages /Count ${pages.length} /Kids [${pages.map((_, index) => `${4 + index * 2} 0 R`).join(' ')}] >>`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>',
    ...pages.flatMap((content, index) => [
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents ${5 + index * 2} 0 R /Resources << /Font << /F1 3 0 R >> >> >>`,
      `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    ]),
  ];
  let text = '%PDF-1.4\n';
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return String(offset).padStart(10, '0');
  });
  const table = offsets.map((offset) => `${offset} 00000 n \n`).join('');
  const size = objects.length + 1;
  return `${text}xref\n0 ${size}\n0000000000 65535 f \n${table}trailer << /Size ${size} /Root 1 0 R >>\nstartxref\n${text.length}\n%%EOF\n`;
};
