import { SCOPES, type Scopes } from './auth/scopes.js';
import { changedEmployees, changedTable } from './employees/changed.js';
import { directory } from './employees/directory.js';
import { getEmployee } from './employees/get-employee.js';
import { listEmployees } from './employees/list-employees.js';
import { employeeTable } from './employees/tables.js';
import { createEmployee, deleteEmployee, updateEmployee } from './employees/write-employee.js';
import { addTableRow, changeTableRow, deleteTableRow } from './employees/write-table.js';
import { metaLists } from './meta/lists.js';
import { companyInformation, metaFields, metaTables } from './meta/meta.js';
import { metaUsers } from './meta/users.js';
import { customReport } from './reports/report.js';
import type { BambooHandler, Version } from './request.js';
import {
  createWebhook,
  deleteWebhook,
  getWebhook,
  listWebhooks,
  monitorFields,
  postFields,
  updateWebhook,
  webhookLog,
} from './webhooks/handlers.js';

export interface Operation {
  readonly scopes: Scopes;
  readonly versions: readonly Version[];
  readonly handler: BambooHandler;
  /** Changes something: a user who may only read is refused. */
  readonly writes: boolean;
}

const V1: readonly Version[] = ['v1', 'v1_1', 'v1_2'];

const reads = (scopes: Scopes, handler: BambooHandler, versions = V1): Operation => ({
  scopes,
  versions,
  handler,
  writes: false,
});

const writes = (scopes: Scopes, handler: BambooHandler, versions = V1): Operation => ({
  scopes,
  versions,
  handler,
  writes: true,
});

/** By `METHOD /path` below the version. */
export const OPERATIONS: Readonly<Record<string, Operation>> = {
  'GET /employees': reads(SCOPES.list, listEmployees),
  'GET /employees/directory': reads(SCOPES.directory, directory),
  'GET /employees/changed': reads(SCOPES.changed, changedEmployees),
  'GET /employees/changed/tables/:table': reads(SCOPES.changedTables, changedTable),
  'GET /employees/:id': reads(SCOPES.read, getEmployee),
  'GET /employees/:id/tables/:table': reads(SCOPES.readTable, employeeTable),
  'POST /employees': writes(SCOPES.write, createEmployee),
  'POST /employees/:id': writes(SCOPES.write, updateEmployee),
  'DELETE /employees/:id': writes(SCOPES.remove, deleteEmployee),
  'POST /employees/:id/tables/:table': writes(SCOPES.addRow, addTableRow),
  'POST /employees/:id/tables/:table/:rowId': writes(SCOPES.changeRow, changeTableRow),
  'DELETE /employees/:id/tables/:table/:rowId': writes(SCOPES.changeRow, deleteTableRow),
  'POST /reports/custom': reads(SCOPES.report, customReport),
  'GET /meta/fields': reads(SCOPES.fields, metaFields),
  'GET /meta/tables': reads(SCOPES.field, metaTables),
  'GET /meta/lists': reads(SCOPES.field, metaLists),
  'GET /meta/users': reads(SCOPES.user, metaUsers),
  'GET /webhooks': reads(SCOPES.webhooks, listWebhooks),
  'POST /webhooks': reads(SCOPES.webhooks, createWebhook),
  'GET /webhooks/monitor_fields': reads(SCOPES.webhooks, monitorFields),
  'GET /webhooks/post-fields': reads(SCOPES.webhooks, postFields),
  'GET /webhooks/:id': reads(SCOPES.webhooks, getWebhook),
  'PUT /webhooks/:id': reads(SCOPES.webhooks, updateWebhook),
  'DELETE /webhooks/:id': reads(SCOPES.webhooks, deleteWebhook),
  'GET /webhooks/:id/log': reads(SCOPES.webhooks, webhookLog),
  'GET /company_information': reads(SCOPES.company, companyInformation),
};
