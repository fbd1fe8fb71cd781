# qemu-storage-daemon: exports.
!program qemu-storage-daemon

!args --export foo

!args --export nbd,id=x

!args --export help

!args --export '{"type":"nbd"}'

!args --export nbd,id=x,node-name=nope

!args --blockdev null-co,node-name=n --export nbd,id=x,node-name=n

!args --nbd-server x

!args --nbd-server help

!args --nbd-server addr.type=unix

!args --nbd-server addr.type=inet,addr.host=localhost

!args --nbd-server addr.type=foo

!args --nbd-server addr.type=unix,addr.path=$DIR/s --nbd-server addr.type=unix,addr.path=$DIR/s
