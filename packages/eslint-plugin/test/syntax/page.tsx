import React, { useEffect } from 'react'
export const Page = <T extends object,>({ item, ...rest }: Props<T>) => {
  useEffect(() => {
    if (!item) return
    void save(item).catch(() => {})
    return () => { log.info(`left ${item.id}`) }
  }, [item])
  if (!item) return null
  const onClick = async (event: React.MouseEvent) => {
    const answer = await fetch(`/x/${item.id}`)
    if (!answer.ok) return
    try { await save(answer) } catch (e) { console.log(e) }
  }
  return (
    <>
      {/* a comment */}
      {...children}
      <Deep.Menu.Item<string> key={item.id} {...rest} onClick={onClick} data-x:y="z" xlink:href='#' render={() => { if (item) return; go() }} ns={<a />}>
        text &amp; {`${item.name}`} {item?.log?.info('x')}
        {items.map((each) => <li key={each.id}>{log.debug(each)}</li>)}
        {}
      </Deep.Menu.Item>
      <this.View />
      <svg:path d="x" />
    </>
  )
}
export default class View extends React.Component<Props> {
  state = { open: false }
  log = log.child({})
  render() { try { return <div ref={(r) => { this.r = r }}>{this.props.children}</div> } catch { return null } }
}
