export const TABLES = `
create table users (
  user_id text primary key,
  name text not null,
  password_hash text not null
);
create table sessions (
  token_hash text primary key,
  user_id text not null references users,
  expires_at timestamptz not null
);
create table questions (
  question_id text primary key,
  skill_area text not null,
  position int not null,
  text text not null,
  options jsonb not null,
  correct text not null,
  unique (skill_area, position)
);
create table assessments (
  assessment_id text primary key,
  user_id text not null references users,
  skill_area text not null,
  status text not null default 'started' check (status in ('started', 'submitted')),
  attempt int not null default 1,
  score int,
  started_at timestamptz not null default now()
);
create index on assessments (user_id, started_at desc);
create table answers (
  assessment_id text not null references assessments,
  question_id text not null references questions,
  answer text not null,
  primary key (assessment_id, question_id)
);
create table payments (
  payment_id text primary key,
  assessment_id text not null references assessments,
  amount int not null,
  currency text not null,
  paid_at timestamptz not null default now()
);
`

/** Of one sum for one assessment, one payment at a time can be pending. */
export const PAYMENT_STATUS = `
alter table payments
  add column status text not null default 'paid' check (status in ('pending', 'paid', 'declined'));
create unique index payments_pending on payments (assessment_id, amount, currency) where status = 'pending';
`
