# -readconfig: files of options.
!setup printf 'foo\n' > word
!setup printf '[nope]\n x = "1"\n' > group
!setup printf '[drive "x"]\n  if = none\n' > bare
!setup printf '# note\n\n[machine]\n  type = "none"\n  foo = "x"\n' > property
!setup printf '[object "o"]\n qom-type = "nope"\n' > object
!setup printf '[chardev "c"]\n backend = "nope"\n' > kind
!setup printf '[chardev "c"]\n backnd = "null"\n' > key
!setup printf '[device "d"]\n driver = "nope"\n' > device
!setup printf '[drive "x"]\n[drive "x"]\n' > twice
!setup printf '[drive "9x"]\n' > id
!setup printf '[accel]\n accel = "nope"\n' > accel
!setup printf '[msg]\n timestamp = "nope"\n' > switch
!setup printf '[drive "y"]\n if = "none"\n\n\n[drive "x"]\n\n  iff = "none"\n\n#c\n' > place
!setup printf '[drive\n' > open

!args -machine none -nodefaults -display none -readconfig word
<~2 $PROG: -readconfig word: no group defined
!exit 1

!args -machine none -nodefaults -display none -readconfig group
<~2 $PROG: -readconfig group: There is no option group 'nope'
!exit 1

!args -machine none -nodefaults -display none -readconfig bare
<~2 $PROG:bare:2: unsupported bus type ''
!exit 1

!args -nodefaults -display none -readconfig property
<~2 $PROG: Property 'none-machine.foo' not found
!exit 1

!args -machine none -nodefaults -display none -readconfig object
<~2 $PROG:object:2: Parameter 'qom-type' does not accept value 'nope'
!exit 1

!args -machine none -nodefaults -display none -readconfig kind
<~2 $PROG:kind:2: 'nope' is not a valid char driver name
!exit 1

!args -machine none -nodefaults -display none -readconfig key
<~2 $PROG: -readconfig key: Invalid parameter 'backnd'
!exit 1

!args -machine none -nodefaults -display none -readconfig device
<~2 $PROG:device:2: 'nope' is not a valid device model name
!exit 1

!args -machine none -nodefaults -display none -readconfig twice
<~2 $PROG: -readconfig twice: Duplicate ID 'x' for drive
!exit 1

!args -machine none -nodefaults -display none -readconfig id
<~2 $PROG: -readconfig id: Parameter 'id' expects an identifier
<~2 Identifiers consist of letters, digits, '-', '.', '_', starting with a letter.
!exit 1

!args -machine none -nodefaults -display none -readconfig accel
<~2 $PROG:accel:2: invalid accelerator nope
!exit 1

!args -machine none -nodefaults -display none -readconfig switch
<~2 $PROG: -readconfig switch: Parameter 'timestamp' expects 'on' or 'off'
!exit 1

!args -machine none -nodefaults -display none -readconfig place
<~2 $PROG:place:7: Must specify either driver or file
!exit 1

!args -machine none -nodefaults -display none -readconfig open
<~2 $PROG: -readconfig open: There is no option group 'drive
<~2 '
!exit 1

!args -readconfig missing
<~2 $PROG: -readconfig missing: Could not open 'missing': No such file or directory
!exit 1

!args -readconfig .
<~2 $PROG: -readconfig .: Cannot read config file: Is a directory
!exit 1
