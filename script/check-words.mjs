// Fails when src, a document or the title of a test has a vague word or a retired term. One term for one mechanism.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';

const PERSON = 'the caller, client, subscriber or service that is meant';

/** A pattern, and what to write instead. Retired terms that are ordinary English are listed as identifiers only. */
const WORDS = [
  [/\b(?:whoever|nobody|somebody|everybody|anybody)\b/gi, PERSON],
  [/\bwho asks\b/gi, '"the caller"'],
  [/\blooked at\b/gi, '"checked" or "read"'],
  [/\b(?:is|are) told\b/gi, '"gets", "receives" or "is notified"'],
  [/\bis away\b/gi, '"is unavailable" or "is unreachable"'],
  [/\b(?:door)?bells?\b|[a-z]Bells?\b|\bBells?(?=[A-Z])/gi, '"notification"'],
  [/\boutlets?\b|\bOutlet(?=[A-Z])/gi, '"socket writer"'],
  [/\bcold[ -]?readers?/gi, '"first read"'],
  [/\bown[ -]?log\b/gi, 'nothing: this mechanism is gone'],
  [/\btoken[ -]?lines?\b/gi, '"token queue"'],
  [/\bhost[ -]?verdicts?\b/gi, '"breaker policy"'],
  [/\blive[ -]?contexts?\b/gi, '"revocable context"'],
  [/\boneByOne\b|\bone-by-one\b/g, '"sequentially", "sequential writes"'],
  [/\bTail(?:Listener)?\b/g, '"log reader"'],
  [/\bRenderings\b/g, '"shared rendering"'],
  [/\bAdmissions\b/g, '"connection limits"'],
  [/\bFailureLimits/g, '"failed logins"'],
  [/\bWatchCredentials/g, '"poll credentials"'],
  [/\bFeedAccess/g, '"feed authorization"'],
];

/** The first argument of it, test and describe, also of their `.each(…)`. */
const TITLE = /(?:\b(?:it|test|describe)(?:\.\w+)*|\))\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/gs;

const files = execFileSync(
  'git',
  ['ls-files', '-co', '--exclude-standard', 'src', 'docs', 'examples', 'test', 'README.md', 'CONTRIBUTING.md'],
  { encoding: 'utf8' },
)
  .split('\n')
  .filter((file) => /^(?!.*\/generated\/).*\.(?:ts|md|html)$/.test(file) && existsSync(file));

/** Texts of a file with their places in it: of a test only its titles. */
function textsOf(file, text) {
  if (!file.startsWith('test/')) return [[0, text]];
  return [...text.matchAll(TITLE)].map((match) => [match.index + match[0].indexOf(match[2]), match[2]]);
}

for (const file of files) {
  const whole = readFileSync(file, 'utf8');
  for (const [start, text] of textsOf(file, whole)) {
    for (const [pattern, plain] of WORDS) {
      for (const match of text.matchAll(pattern)) {
        const line = whole.slice(0, start + match.index).split('\n').length;
        console.error(`${file}:${line}: "${match[0]}": write ${plain}`);
        process.exitCode = 1;
      }
    }
  }
}
if (files.length < 300) {
  console.error(`Only ${files.length} files were read, at least 300 were expected: run it in a git work tree.`);
  process.exitCode = 1;
}
