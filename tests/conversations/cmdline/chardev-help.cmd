# The kinds of character devices and their options.
!args -chardev help
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
!args -chardev null,help
<~ chardev options:
<~   abstract=<bool (on/off)>
<~   append=<bool (on/off)>
<~   backend=<str>
<~   chardev=<str>
<~   chardevs.0=<str>
<~   chardevs.1=<str>
<~   chardevs.2=<str>
<~   chardevs.3=<str>
<~   clipboard=<bool (on/off)>
<~   cols=<num>
<~   debug=<num>
<~   delay=<bool (on/off)>
<~   fd=<str>
<~   height=<num>
<~   host=<str>
<~   input-path=<str>
<~   ipv4=<bool (on/off)>
<~   ipv6=<bool (on/off)>
<~   localaddr=<str>
<~   localport=<str>
<~   logappend=<bool (on/off)>
<~   logfile=<str>
<~   mouse=<bool (on/off)>
<~   mux=<bool (on/off)>
<~   name=<str>
<~   nodelay=<bool (on/off)>
<~   path=<str>
<~   port=<str>
<~   reconnect-ms=<num>
<~   reconnect=<num>
<~   rows=<num>
<~   server=<bool (on/off)>
<~   signal=<bool (on/off)>
<~   size=<size>
<~   telnet=<bool (on/off)>
<~   tight=<bool (on/off)>
<~   tls-authz=<str>
<~   tls-creds=<str>
<~   tn3270=<bool (on/off)>
<~   to=<num>
<~   wait=<bool (on/off)>
<~   websocket=<bool (on/off)>
<~   width=<num>
!exit 1
!args -chardev ?
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
