export const help = `telltale lint: holds a backend to the rules of eslint-plugin-telltale, failing only on what is new.

  telltale lint                          what is new since the baseline was recorded
  telltale lint --baseline               record what is there, in .telltale-lint.json
  telltale lint --prune                  take out of the baseline what is gone
  telltale lint src/orders               some folders or files alone

Run it where the configuration is. From a folder below it finds the baseline above, and looks at that
folder alone.

It runs the project's own ESLint (9.22 or newer) or oxlint (1.84 or newer) with the project's own
configuration, our rules alone counted. Comments that switch a rule of ours off need a reason after "--",
and are listed; those that hold nothing back apart.

  --baseline [FILE]  record what is there (default file: .telltale-lint.json); keep it in git
  --against FILE     compare with, or prune, another baseline than .telltale-lint.json
  --prune            take out of the baseline what is gone, and let nothing new in; what is recorded of
                     files that are there and not linted stays
  --host HOST        eslint or oxlint (default: the one whose configuration names our rules)
  --config FILE      the host's configuration, if it does not find it by itself
  --quiet            errors alone: new warnings neither fail nor are listed
  --json             one JSON object on standard output
  --help             this text

Exit code 0: nothing new; 1: something new; 2: it can't be told (a wrong call, no host, no rules, a
baseline that can't be read, a file that can't be linted).
`
