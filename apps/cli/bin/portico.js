#!/usr/bin/env node
// npm makes a link to it before anything is built, and asks that it be there.
import '../dist/main.js';
