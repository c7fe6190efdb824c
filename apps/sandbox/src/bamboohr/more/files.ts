import type { Employee } from '../../world/employee.js';
import { emptyError, json, wantsJson, xml } from '../answers.js';
import { employeeInPath, isAnswer, type BambooHandler } from '../request.js';
import { element, escapeXml, XML_HEAD } from '../xml.js';

const CATEGORIES = [
  { id: 16, name: 'Signed Documents' },
  { id: 18, name: 'Certificates' },
];

interface File {
  readonly id: number;
  readonly name: string;
  readonly originalFileName: string;
  readonly size: number;
  /** `YYYY-MM-DD` */
  readonly day: string;
}

/** Whoever was hired has a contract. */
const filesOf = ({ id, hireDate }: Employee, category: number): readonly File[] => {
  if (category !== 16 || hireDate === null) return [];
  const originalFileName = `contract-${id}.pdf`;
  return [{ id: 100_000 + id, name: 'Contract.pdf', originalFileName, size: 20_000 + (id % 977), day: hireDate }];
};

const FILE_RIGHTS = {
  shareWithEmployee: 'yes',
  canRenameFile: 'yes',
  canDeleteFile: 'yes',
  canChangeShareWithEmployeeFieldValue: 'yes',
};
const CATEGORY_RIGHTS = {
  canRenameCategory: 'yes',
  canDeleteCategory: 'yes',
  canUploadFiles: 'yes',
  displayIfEmpty: 'yes',
};

const fileOnWire = ({ id, name, originalFileName, size, day }: File): object => {
  const head = {
    id,
    name,
    originalFileName,
    size,
    dateCreated: `${day}T09:00:00+0000`,
    createdBy: 'Integration Owner',
  };
  return { ...head, ...FILE_RIGHTS };
};

const texts = (values: Readonly<Record<string, string | number>>): string =>
  Object.entries(values)
    .map(([name, value]) => element(name, {}, escapeXml(String(value))))
    .join('');

const fileXml = ({ id, name, originalFileName, size, day }: File): string => {
  const head = { name, originalFileName, size, dateCreated: `${day} 09:00:00`, createdBy: 'Integration Owner' };
  return element('file', { id }, texts({ ...head, ...FILE_RIGHTS }));
};

/** GET /employees/{id}/files/view: what there is, not the files themselves. */
export const employeeFiles: BambooHandler = (call) => {
  const employee = employeeInPath(call);
  if (isAnswer(employee)) return employee;
  if (employee.hireDate === null) return emptyError(404, 'No visible categories');
  if (wantsJson(call)) {
    const categories = CATEGORIES.map((category) => {
      return { ...category, ...CATEGORY_RIGHTS, files: filesOf(employee, category.id).map(fileOnWire) };
    });
    return json(JSON.stringify({ employee: { id: employee.id }, categories }));
  }
  const categories = CATEGORIES.map(({ id, name }) => {
    const files = filesOf(employee, id).map(fileXml);
    return element('category', { id }, texts({ name, ...CATEGORY_RIGHTS }) + files.join(''));
  });
  return xml(XML_HEAD + element('employee', { id: employee.id }, categories.join('')));
};
