/** A table with search, sort, pages, chosen columns and CSV. All of it works on the rows at hand. */
import { type ReactNode, useEffect, useMemo, useRef } from 'react';
import { useSearchParams } from 'wouter';
import { choose, usePreferences, useText } from '../preferences.ts';
import { csvOf } from './csv.ts';

const text = {
  en: {
    search: 'Search',
    columns: 'Columns',
    csv: 'CSV',
    loading: 'Loading …',
    sort: 'Sort',
    noMatch: 'Nothing matches.',
    clear: 'Show everything',
    previous: 'Previous page',
    next: 'Next page',
    shown: (from: number, to: number, all: number) => `${from}–${to} of ${all}`,
  },
  zh: {
    search: '搜索',
    columns: '列',
    csv: 'CSV',
    loading: '加载中…',
    sort: '排序',
    noMatch: '没有符合条件的内容。',
    clear: '显示全部',
    previous: '上一页',
    next: '下一页',
    shown: (from: number, to: number, all: number) => `第 ${from}–${to} 项，共 ${all} 项`,
  },
};

const PAGE = 20;

export interface Column<Row> {
  readonly key: string;
  readonly title: string;
  /** For sorting, searching and CSV. */
  readonly value: (row: Row) => string;
  /** Instead of the value. */
  readonly cell?: (row: Row) => ReactNode;
  /** Hidden until the user wants it. */
  readonly extra?: boolean;
  /** Not searched. */
  readonly unsearched?: boolean;
  /** Buttons: not in the CSV. */
  readonly unwritten?: boolean;
}

interface DataTableProps<Row> {
  /** Where the choice of columns is kept, and the name of the CSV file. */
  readonly name: string;
  readonly caption: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly idOf: (row: Row) => string;
  readonly loading: boolean;
  /** The rows could not be read, or not all of them. */
  readonly failed: boolean;
  /** What to show when there are no rows at all. */
  readonly empty: ReactNode;
  /** What the search says it looks for. */
  readonly placeholder: string;
  /** Beside the search. */
  readonly filter?: Filter<Row>;
  /** The column to sort by at first, and how. */
  readonly sort: Sort;
}

/** Rows with one value of a property; which one stands in the address. */
interface Filter<Row> {
  readonly param: string;
  readonly label: string;
  /** For rows of every value. */
  readonly all: string;
  readonly value: (row: Row) => string;
  readonly text: (value: string) => string;
}

interface Sort {
  readonly key: string;
  readonly down: boolean;
}

function sortFrom(given: string | null, usual: Sort): Sort {
  return given === null ? usual : { key: given.replace(/^-/, ''), down: given.startsWith('-') };
}

/** Search, sort and page stand in the address, so that a link shows the same. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { name, caption, rows, columns, idOf, loading, failed, empty, placeholder, filter } = props;
  const t = useText(text);
  const { hidden, language } = usePreferences();
  const [params, setParams] = useSearchParams();
  const search = useRef<HTMLInputElement>(null);
  const wanted = params.get('q') ?? '';
  const chosen = (filter && params.get(filter.param)) ?? '';
  const { key, down } = sortFrom(params.get('sort'), props.sort);

  const set = (changed: Readonly<Record<string, string>>) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        for (const [param, value] of Object.entries({ page: '', ...changed })) {
          if (value === '') after.delete(param);
          else after.set(param, value);
        }
        return after;
      },
      { replace: true },
    );

  useEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const { target } = event;
      const typing = target instanceof HTMLElement && /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
      if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      search.current?.focus();
    };
    document.addEventListener('keydown', focus);
    return () => document.removeEventListener('keydown', focus);
  }, []);

  const away = hidden[name] ?? columns.filter(({ extra }) => extra).map((column) => column.key);
  const shown = columns.filter((column) => !away.includes(column.key));
  const matching = useMemo(() => {
    const words = wanted.toLowerCase().split(/\s+/).filter(Boolean);
    const searched = columns.filter(({ unsearched }) => !unsearched);
    const by = columns.find((column) => column.key === key);
    const compare = new Intl.Collator(language, { numeric: true }).compare;
    return rows
      .filter((row) => {
        if (chosen !== '' && filter?.value(row) !== chosen) return false;
        const all = searched.map(({ value }) => value(row).toLowerCase()).join('\n');
        return words.every((word) => all.includes(word));
      })
      .sort((a, b) => (by === undefined ? 0 : compare(by.value(a), by.value(b)) * (down ? -1 : 1)));
  }, [rows, columns, filter, chosen, wanted, key, down, language]);
  const last = Math.max(0, Math.ceil(matching.length / PAGE) - 1);
  const page = Math.min(Math.max(0, Number(params.get('page')) - 1 || 0), last);
  const from = page * PAGE;
  const visible = matching.slice(from, from + PAGE);

  const download = () => {
    const link = document.createElement('a');
    const written = shown.filter(({ unwritten }) => !unwritten);
    link.href = URL.createObjectURL(new Blob([csvOf(written, matching)], { type: 'text/csv;charset=utf-8' }));
    link.download = `${name}.csv`;
    link.click();
    URL.revokeObjectURL(link.href);
  };

  return (
    <section>
      <div className="tools">
        <input
          ref={search}
          type="search"
          aria-label={t.search}
          aria-keyshortcuts="/"
          placeholder={placeholder}
          value={wanted}
          onInput={(event) => set({ q: event.currentTarget.value })}
        />
        {filter && (
          <select
            aria-label={filter.label}
            value={chosen}
            onChange={({ currentTarget }) => set({ [filter.param]: currentTarget.value })}
          >
            <option value="">{filter.all}</option>
            {[...new Set([...rows.map(filter.value), chosen])]
              .filter((value) => value !== '')
              .sort()
              .map((value) => (
                <option key={value} value={value}>
                  {filter.text(value)}
                </option>
              ))}
          </select>
        )}
        <select
          className="sort"
          aria-label={t.sort}
          value={`${down ? '-' : ''}${key}`}
          onChange={({ currentTarget }) => set({ sort: currentTarget.value })}
        >
          {shown.flatMap((column) => [
            <option key={column.key} value={column.key}>
              {column.title} ↑
            </option>,
            <option key={`-${column.key}`} value={`-${column.key}`}>
              {column.title} ↓
            </option>,
          ])}
        </select>
        <button type="button" popoverTarget={`${name}-columns`}>
          {t.columns}
        </button>
        <div id={`${name}-columns`} className="menu box" popover="auto">
          {columns.map((column) => (
            <label key={column.key}>
              <input
                type="checkbox"
                checked={!away.includes(column.key)}
                onChange={({ currentTarget: { checked } }) =>
                  choose({
                    hidden: {
                      ...hidden,
                      [name]: checked ? away.filter((other) => other !== column.key) : [...away, column.key],
                    },
                  })
                }
              />
              {column.title}
            </label>
          ))}
        </div>
        <button type="button" onClick={download} disabled={matching.length === 0}>
          {t.csv}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, which the keyboard must be able to do */}
      <section className="scroll" aria-label={caption} tabIndex={0}>
        <table aria-busy={loading}>
          <caption className="unseen">{caption}</caption>
          <thead>
            <tr>
              {shown.map((column) => (
                <th
                  key={column.key}
                  scope="col"
                  aria-sort={column.key === key ? (down ? 'descending' : 'ascending') : 'none'}
                >
                  <button
                    type="button"
                    className="quiet"
                    onClick={() => set({ sort: column.key === key && !down ? `-${column.key}` : column.key })}
                  >
                    {column.title}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {visible.map((row) => (
              <tr key={idOf(row)}>
                {shown.map((column) => (
                  <td key={column.key} data-title={column.title}>
                    {(column.cell ?? column.value)(row)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {rows.length === 0 && !loading && !failed && <div className="empty">{empty}</div>}
      {rows.length === 0 && loading && (
        <p className="empty" role="status">
          {t.loading}
        </p>
      )}
      {rows.length > 0 && matching.length === 0 && (
        <p className="empty" role="status">
          {t.noMatch}{' '}
          <button type="button" onClick={() => set({ q: '', ...(filter && { [filter.param]: '' }) })}>
            {t.clear}
          </button>
        </p>
      )}
      {matching.length > 0 && (
        <div className="pager">
          <span role="status">{t.shown(from + 1, from + visible.length, matching.length)}</span>
          {last > 0 && (
            <>
              <button
                type="button"
                aria-label={t.previous}
                disabled={page === 0}
                onClick={() => set({ page: page > 1 ? String(page) : '' })}
              >
                ‹
              </button>
              <button
                type="button"
                aria-label={t.next}
                disabled={page === last}
                onClick={() => set({ page: String(page + 2) })}
              >
                ›
              </button>
            </>
          )}
        </div>
      )}
    </section>
  );
}
