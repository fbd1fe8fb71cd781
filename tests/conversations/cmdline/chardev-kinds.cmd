# Character devices of all kinds, and ports, that cannot be.

!args -machine none -nodefaults -display none -chardev help
<~ Available chardev backend types: 
<~   stdio
<~   ringbuf
<~   mux
<~   pipe
<~   qemu-vdagent
<~   pty
<~   hub
<~   null
<~   msmouse
<~   socket
<~   vc
<~   parallel
<~   memory
<~   udp
<~   file
<~   wctablet
<~   serial
<~   testdev
!exit 0

!args -machine none -nodefaults -display none -chardev file,id=a
<~2 $PROG: -chardev file,id=a: chardev: file: no filename given
!exit 1

!args -machine none -nodefaults -display none -chardev file,id=a,path=
<~2 $PROG: -chardev file,id=a,path=: Could not open '': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -chardev file,id=a,path=/nonexistent/x
<~2 $PROG: -chardev file,id=a,path=/nonexistent/x: Could not open '/nonexistent/x': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -chardev file,id=a,path=/tmp/zz9,input-path=/nonexistent
<~2 $PROG: -chardev file,id=a,path=/tmp/zz9,input-path=/nonexistent: Could not open '/nonexistent': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -chardev pipe,id=a
<~2 $PROG: -chardev pipe,id=a: chardev: pipe: no device path given
!exit 1

!args -machine none -nodefaults -display none -chardev pipe,id=a,path=/nonexistent
<~2 $PROG: -chardev pipe,id=a,path=/nonexistent: Could not open '/nonexistent': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -chardev ringbuf,id=a,size=3
<~2 $PROG: -chardev ringbuf,id=a,size=3: size of ringbuf chardev must be power of two
!exit 1

!args -machine none -nodefaults -display none -chardev ringbuf,id=a,size=x
<~2 $PROG: -chardev ringbuf,id=a,size=x: Parameter 'size' expects a non-negative number below 2^64
<~2 Optional suffix k, M, G, T, P or E means kilo-, mega-, giga-, tera-, peta-
<~2 and exabytes, respectively.
!exit 1

!args -machine none -nodefaults -display none -chardev udp,id=a
<~2 $PROG: -chardev udp,id=a: chardev: udp: remote port not specified
!exit 1

!args -machine none -nodefaults -display none -chardev udp,id=a,port=
<~2 $PROG: -chardev udp,id=a,port=: chardev: udp: remote port not specified
!exit 1

!args -machine none -nodefaults -display none -chardev udp,id=a,host=h
<~2 $PROG: -chardev udp,id=a,host=h: chardev: udp: remote port not specified
!exit 1

!args -machine none -nodefaults -display none -chardev udp,id=a,host=127.0.0.1,port=x
<~2 $PROG: -chardev udp,id=a,host=127.0.0.1,port=x: address resolution failed for 127.0.0.1:x: Servname not supported for ai_socktype
!exit 1

!args -machine none -nodefaults -display none -chardev serial,id=a
<~2 $PROG: -chardev serial,id=a: chardev: serial/tty: no device path given
!exit 1

!args -machine none -nodefaults -display none -chardev serial,id=a,path=/nonexistent
<~2 $PROG: -chardev serial,id=a,path=/nonexistent: Could not open '/nonexistent': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -chardev parallel,id=a
<~2 $PROG: -chardev parallel,id=a: chardev: parallel: no device path given
!exit 1

!args -machine none -nodefaults -display none -chardev parallel,id=a,path=/nonexistent
<~2 $PROG: -chardev parallel,id=a,path=/nonexistent: Could not open '/nonexistent': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -chardev parport,id=a,path=/nonexistent
<~2 $PROG: -chardev parport,id=a,path=/nonexistent: 'parport' is not a valid char driver name
!exit 1

!args -machine none -nodefaults -display none -chardev tty,id=a,path=/nonexistent
<~2 $PROG: -chardev tty,id=a,path=/nonexistent: 'tty' is not a valid char driver name
!exit 1

!args -machine none -nodefaults -display none -chardev console,id=a
<~2 $PROG: -chardev console,id=a: 'console' is not a valid char driver name
!exit 1

!args -machine none -nodefaults -display none -chardev mux,id=a
<~2 $PROG: -chardev mux,id=a: chardev: mux: no chardev given
!exit 1

!args -machine none -nodefaults -display none -chardev mux,id=a,chardev=zz
<~2 $PROG: -chardev mux,id=a,chardev=zz: mux: base chardev zz not found
!exit 1

!args -machine none -nodefaults -display none -chardev hub,id=a
<~2 $PROG: -chardev hub,id=a: hub: 'chardevs' list is not defined
!exit 1

!args -machine none -nodefaults -display none -chardev hub,id=a,chardevs.0=zz
<~2 $PROG: -chardev hub,id=a,chardevs.0=zz: hub: chardev can't be found by id 'zz'
!exit 1

!args -machine none -nodefaults -display none -chardev hub,id=a,chardevs.1=zz
<~2 $PROG: -chardev hub,id=a,chardevs.1=zz: hub: 'chardevs' list is not defined
!exit 1

!args -machine none -nodefaults -display none -chardev spicevmc,id=a,name=x
<~2 $PROG: -chardev spicevmc,id=a,name=x: 'spicevmc' is not a valid char driver name
!exit 1

!args -machine none -nodefaults -display none -chardev dbus,id=a,name=x
<~2 $PROG: -chardev dbus,id=a,name=x: 'dbus' is not a valid char driver name
!exit 1

!args -machine none -nodefaults -display none -chardev braille,id=a
<~2 $PROG: -chardev braille,id=a: brlapi__openConnection: connect: No such file or directory
!exit 1

!args -machine none -nodefaults -display none -chardev testdev,id=a -chardev memory,id=b -mon chardev=zz
<~2 $PROG: -mon chardev=zz: chardev "zz" not found
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=x,server=on,wait=off,tls-creds=zz
<~2 $PROG: -chardev socket,id=a,path=x,server=on,wait=off,tls-creds=zz: No TLS credentials with id 'zz'
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=x,server=on,wait=off,tls-authz=zz
<~2 $PROG: -chardev socket,id=a,path=x,server=on,wait=off,tls-authz=zz: 'tls_authz' option requires 'tls_creds' option
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,host=127.0.0.1,port=0,server=on,wait=off,tls-creds=zz
<~2 $PROG: -chardev socket,id=a,host=127.0.0.1,port=0,server=on,wait=off,tls-creds=zz: No TLS credentials with id 'zz'
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,host=127.0.0.1,port=0,server=on,wait=off,tls-authz=zz
<~2 $PROG: -chardev socket,id=a,host=127.0.0.1,port=0,server=on,wait=off,tls-authz=zz: 'tls_authz' option requires 'tls_creds' option
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=x,host=y
<~2 $PROG: -chardev socket,id=a,path=x,host=y: None or one of 'path', 'fd' or 'host' option required.
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,host=127.0.0.1,port=0,ipv4=off,ipv6=off,server=on,wait=off
<~2 $PROG: -chardev socket,id=a,host=127.0.0.1,port=0,ipv4=off,ipv6=off,server=on,wait=off: Cannot disable IPv4 and IPv6 at same time
!exit 1

!args -machine none -nodefaults -display none -chardev socket,id=a,path=x,delay,nodelay
<~2 $PROG: -chardev socket,id=a,path=x,delay,nodelay: warning: short-form boolean option 'delay' deprecated
<~2 Please use nodelay=off instead
<~2 $PROG: -chardev socket,id=a,path=x,delay,nodelay: warning: short-form boolean option 'nodelay' deprecated
<~2 Please use nodelay=on instead
<~2 $PROG: -chardev socket,id=a,path=x,delay,nodelay: Failed to connect to 'x': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -chardev null,id=a,logfile=/nonexistent/x
<~2 $PROG: -chardev null,id=a,logfile=/nonexistent/x: Could not create '/nonexistent/x': No such file or directory
!exit 1

!args -machine none -nodefaults -display none -chardev null,id=a,mux=on -mon chardev=a -mon chardev=a -mon chardev=a -mon chardev=a -mon chardev=a
<~2 $PROG: -mon chardev=a: too many uses of multiplexed chardev 'a' (maximum is 4)
!exit 1

!args -machine none -nodefaults -display none -chardev null,id=a -mon chardev=a -mon chardev=a
<~2 $PROG: -mon chardev=a: chardev 'a' is already in use
!exit 1

!args -machine none -nodefaults -display none -chardev null,id=a,mux=on -mon chardev=a-base
<~2 $PROG: -mon chardev=a-base: chardev 'a-base' is already in use
!exit 1

!args -machine none -nodefaults -display none -serial foo
<~2 $PROG: -serial foo: 'foo' is not a valid char driver
<~2 $PROG: -serial foo: could not connect serial device to character backend 'foo'
!exit 1

!args -machine none -nodefaults -display none -serial tcp:x
<~2 $PROG: -serial tcp:x: could not connect serial device to character backend 'tcp:x'
!exit 1

!args -machine none -nodefaults -display none -serial /nonexistent/tty
<~2 $PROG: -serial /nonexistent/tty: '/nonexistent/tty' is not a valid char driver
<~2 $PROG: -serial /nonexistent/tty: could not connect serial device to character backend '/nonexistent/tty'
!exit 1

!args -machine none -nodefaults -display none -serial /dev/parport9
<~2 $PROG: -serial /dev/parport9: Could not open '/dev/parport9': No such file or directory
<~2 $PROG: -serial /dev/parport9: could not connect serial device to character backend '/dev/parport9'
!exit 1

!args -machine none -nodefaults -display none -serial chardev:zz
<~2 $PROG: -serial chardev:zz: could not connect serial device to character backend 'chardev:zz'
!exit 1

!args -machine none -nodefaults -display none -serial chardev:
<~2 $PROG: -serial chardev:: could not connect serial device to character backend 'chardev:'
!exit 1

!args -machine none -nodefaults -display none -parallel foo
<~2 $PROG: -parallel foo: 'foo' is not a valid char driver
<~2 $PROG: -parallel foo: could not connect parallel device to character backend 'foo'
!exit 1

!args -machine none -nodefaults -display none -parallel chardev:zz
<~2 $PROG: -parallel chardev:zz: could not connect parallel device to character backend 'chardev:zz'
!exit 1

!args -machine none -nodefaults -display none -monitor chardev:zz
<~2 $PROG: -monitor chardev:zz: chardev "zz" not found
!exit 1

!args -machine none -nodefaults -display none -qtest foo
<~2 $PROG: 'foo' is not a valid char driver
<~2 $PROG: Failed to initialize device for qtest: "foo"
!exit 1

!args -machine none -nodefaults -display none -qtest chardev:zz
<~2 $PROG: Failed to initialize device for qtest: "chardev:zz"
!exit 1

!args -machine none -nodefaults -display none -qtest unix:/nonexistent/x
<~2 $PROG: Failed to connect to '/nonexistent/x': No such file or directory
<~2 $PROG: Failed to initialize device for qtest: "unix:/nonexistent/x"
!exit 1

!args -machine none -nodefaults -display none -serial mon:foo
<~2 $PROG: -serial mon:foo: 'foo' is not a valid char driver
<~2 $PROG: -serial mon:foo: could not connect serial device to character backend 'mon:foo'
!exit 1

!args -machine none -nodefaults -display none -serial mon:stdio -serial stdio
<~2 $PROG: -serial stdio: cannot use stdio by multiple character devices
<~2 $PROG: -serial stdio: could not connect serial device to character backend 'stdio'
!exit 1

!args -machine none -nodefaults -display none -monitor stdio -qmp stdio
<~2 $PROG: -qmp stdio: cannot use stdio by multiple character devices
!exit 1

!args -machine none -nodefaults -display none -serial telnet:127.0.0.1:1
<~2 $PROG: -serial telnet:127.0.0.1:1: Failed to connect to '127.0.0.1:1': Connection refused
<~2 $PROG: -serial telnet:127.0.0.1:1: could not connect serial device to character backend 'telnet:127.0.0.1:1'
!exit 1

!args -machine none -nodefaults -display none -serial tn3270:127.0.0.1:1
<~2 $PROG: -serial tn3270:127.0.0.1:1: Failed to connect to '127.0.0.1:1': Connection refused
<~2 $PROG: -serial tn3270:127.0.0.1:1: could not connect serial device to character backend 'tn3270:127.0.0.1:1'
!exit 1

!args -machine none -nodefaults -display none -serial udp:
<~2 $PROG: -serial udp:: could not connect serial device to character backend 'udp:'
!exit 1

!args -machine none -nodefaults -display none -serial udp:1
<~2 $PROG: -serial udp:1: could not connect serial device to character backend 'udp:1'
!exit 1

!args -machine none -nodefaults -display none -serial udp:x:1@y:2
<~2 $PROG: -serial udp:x:1@y:2: address resolution failed for x:1: Name or service not known
<~2 $PROG: -serial udp:x:1@y:2: could not connect serial device to character backend 'udp:x:1@y:2'
!exit 1

!args -machine none -nodefaults -display none -serial udp:127.0.0.1:1@127.0.0.1:x
<~2 $PROG: -serial udp:127.0.0.1:1@127.0.0.1:x: address resolution failed for 127.0.0.1:x: Servname not supported for ai_socktype
<~2 $PROG: -serial udp:127.0.0.1:1@127.0.0.1:x: could not connect serial device to character backend 'udp:127.0.0.1:1@127.0.0.1:x'
!exit 1

!args -machine none -nodefaults -display none -serial udp::
<~2 $PROG: -serial udp::: could not connect serial device to character backend 'udp::'
!exit 1

!args -machine none -nodefaults -display none -serial udp::1@
<~2 $PROG: -serial udp::1@: could not connect serial device to character backend 'udp::1@'
!exit 1

!args -machine none -nodefaults -display none -serial vc:80x
<~2 $PROG: -serial vc:80x: could not connect serial device to character backend 'vc:80x'
!exit 1

!args -machine none -nodefaults -display none -serial vc:80Cx24C -serial vc:zz
<~2 $PROG: -serial vc:zz: could not connect serial device to character backend 'vc:zz'
!exit 1

!args -machine none -nodefaults -display none -serial file:
<~2 $PROG: -serial file:: Could not open '': No such file or directory
<~2 $PROG: -serial file:: could not connect serial device to character backend 'file:'
!exit 1

!args -machine none -nodefaults -display none -serial pipe:/nonexistent
<~2 $PROG: -serial pipe:/nonexistent: Could not open '/nonexistent': No such file or directory
<~2 $PROG: -serial pipe:/nonexistent: could not connect serial device to character backend 'pipe:/nonexistent'
!exit 1

!args -machine none -nodefaults -display none -serial braille
<~2 $PROG: -serial braille: brlapi__openConnection: connect: No such file or directory
<~2 $PROG: -serial braille: could not connect serial device to character backend 'braille'
!exit 1

!args -machine none -nodefaults -display none -serial fdname:x
<~2 $PROG: -serial fdname:x: 'fdname:x' is not a valid char driver
<~2 $PROG: -serial fdname:x: could not connect serial device to character backend 'fdname:x'
!exit 1

!args -machine none -nodefaults -display none -mon mode=control
<~2 $PROG: -mon mode=control: Parameter 'chardev' is missing
!exit 1

!args -machine none -nodefaults -display none -mon chardev=zz,mode=zz
<~2 $PROG: -mon chardev=zz,mode=zz: Parameter 'mode' does not accept value 'zz'
!exit 1

!args -machine none -nodefaults -display none -serial unix:x,wait=off
<~2 $PROG: -serial unix:x,wait=off: 'wait' option is incompatible with socket in client connect mode
<~2 $PROG: -serial unix:x,wait=off: could not connect serial device to character backend 'unix:x,wait=off'
!exit 1

!args -machine none -nodefaults -display none -serial unix:x,server=on,wait=off,path=y,foo=1
<~2 $PROG: -serial unix:x,server=on,wait=off,path=y,foo=1: Invalid parameter 'foo'
<~2 $PROG: -serial unix:x,server=on,wait=off,path=y,foo=1: could not connect serial device to character backend 'unix:x,server=on,wait=off,path=y,foo=1'
!exit 1

!args -machine none -nodefaults -display none -chardev vc,id=a,width=x
<~2 $PROG: -chardev vc,id=a,width=x: Parameter 'width' expects a number
!exit 1

!args -machine none -nodefaults -display none -chardev stdio,id=c,mux=on -serial stdio
<~2 $PROG: -serial stdio: cannot use stdio by multiple character devices
<~2 $PROG: -serial stdio: could not connect serial device to character backend 'stdio'
!exit 1
