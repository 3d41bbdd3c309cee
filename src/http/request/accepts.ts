/** Whether a header with a weighted list names `wanted`, with this parameter and without a weight of 0 (RFC 9110 12.4.2). */
export function accepts(header: string | undefined, wanted: string, parameter?: string): boolean {
  return (header ?? '').split(',').some((entry) => {
    const [name, ...parameters] = entry.toLowerCase().replaceAll(/[\s"]/g, '').split(';');
    const isRefused = parameters.some((each) => /^q=0(?:\.0*)?$/.test(each));
    return name === wanted && !isRefused && (parameter === undefined || parameters.includes(parameter));
  });
}
