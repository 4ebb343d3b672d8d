# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_keeper_global_optspecs
    string join \n h/help V/version
end

function __fish_keeper_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_keeper_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_keeper_using_subcommand
    set -l cmd (__fish_keeper_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c keeper -n "__fish_keeper_needs_command" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_needs_command" -s V -l version -d 'Print version'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "status" -d 'Shows what keeperd is doing; fails when it does not answer'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "reload" -d 'Reloads one notebook now, or all of them'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "pause" -d 'Reloads nothing more until `keeper resume`'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "resume" -d 'Ends a pause'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "renew" -d 'Keeps the notebooks for another keep_hours from now on'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "open" -d 'Keeps one more notebook open, until it is closed'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "close" -d 'Keeps a notebook no longer that `keeper open` has opened'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "sign-in" -d 'Starts the browser plainly, for a person to sign in'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "signed-in" -d 'Ends what `keeper sign-in` has begun'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "logs" -d 'Shows the journal of keeperd, of the desktop and of the browser'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "doctor" -d 'Looks at the way from the internet to the Colab machine, and says what to mend'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "screenshot" -d 'Takes a picture of the desktop'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "apply" -d 'Puts the configuration in force, or takes it back'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "reset" -d 'Makes this device new again: removes people, settings and secrets, and restarts it'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "config" -d 'Checks or shows the configuration'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "tunnel" -d 'Enrols Colab machines, lists them, revokes them'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "notebook" -d 'Writes the notebook that has a Colab machine dial in. There is no secret in it'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "shell" -d 'Enters the Colab machine: one session for all, which waits for it and joins it again'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "ssh-config" -d 'Prints what a laptop\'s ~/.ssh/config needs to reach the Colab machine through this device'
complete -c keeper -n "__fish_keeper_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keeper -n "__fish_keeper_using_subcommand status" -l socket -d 'Where keeperd listens' -r
complete -c keeper -n "__fish_keeper_using_subcommand status" -l json -d 'Print JSON'
complete -c keeper -n "__fish_keeper_using_subcommand status" -s w -l watch -d 'Look again every 2 seconds, until Ctrl-C'
complete -c keeper -n "__fish_keeper_using_subcommand status" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand reload" -l socket -d 'Where keeperd listens' -r
complete -c keeper -n "__fish_keeper_using_subcommand reload" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand pause" -l socket -d 'Where keeperd listens' -r
complete -c keeper -n "__fish_keeper_using_subcommand pause" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand resume" -l socket -d 'Where keeperd listens' -r
complete -c keeper -n "__fish_keeper_using_subcommand resume" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand renew" -l socket -d 'Where keeperd listens' -r
complete -c keeper -n "__fish_keeper_using_subcommand renew" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand open" -l socket -d 'Where keeperd listens' -r
complete -c keeper -n "__fish_keeper_using_subcommand open" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand close" -l socket -d 'Where keeperd listens' -r
complete -c keeper -n "__fish_keeper_using_subcommand close" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand sign-in" -l socket -d 'Where keeperd listens' -r
complete -c keeper -n "__fish_keeper_using_subcommand sign-in" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand signed-in" -l socket -d 'Where keeperd listens' -r
complete -c keeper -n "__fish_keeper_using_subcommand signed-in" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand logs" -s n -l lines -d 'Only the last lines' -r
complete -c keeper -n "__fish_keeper_using_subcommand logs" -l since -d 'Only from this time on, as journalctl understands it' -r
complete -c keeper -n "__fish_keeper_using_subcommand logs" -s f -l follow -d 'Go on with new lines as they come, until Ctrl-C'
complete -c keeper -n "__fish_keeper_using_subcommand logs" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand doctor" -l json -d 'Print JSON, in English'
complete -c keeper -n "__fish_keeper_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand screenshot" -l socket -d 'Where keeperd listens' -r
complete -c keeper -n "__fish_keeper_using_subcommand screenshot" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand apply" -l check -d 'Change nothing; check the configuration and print the files that would change'
complete -c keeper -n "__fish_keeper_using_subcommand apply" -l back -d 'Put in force again what was before'
complete -c keeper -n "__fish_keeper_using_subcommand apply" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand reset" -l yes -d 'Do not ask'
complete -c keeper -n "__fish_keeper_using_subcommand reset" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand config; and not __fish_seen_subcommand_from check show help" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand config; and not __fish_seen_subcommand_from check show help" -f -a "check" -d 'Checks a configuration and lists everything that is wrong with it'
complete -c keeper -n "__fish_keeper_using_subcommand config; and not __fish_seen_subcommand_from check show help" -f -a "show" -d 'Prints a configuration with every default filled in'
complete -c keeper -n "__fish_keeper_using_subcommand config; and not __fish_seen_subcommand_from check show help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keeper -n "__fish_keeper_using_subcommand config; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "check" -d 'Checks a configuration and lists everything that is wrong with it'
complete -c keeper -n "__fish_keeper_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "show" -d 'Prints a configuration with every default filled in'
complete -c keeper -n "__fish_keeper_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keeper -n "__fish_keeper_using_subcommand tunnel; and not __fish_seen_subcommand_from enrol keys revoke help" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand tunnel; and not __fish_seen_subcommand_from enrol keys revoke help" -f -a "enrol" -d 'Enrols a Colab machine, and prints the one line to paste there. It is a secret'
complete -c keeper -n "__fish_keeper_using_subcommand tunnel; and not __fish_seen_subcommand_from enrol keys revoke help" -f -a "keys" -d 'Lists the enrolled machines'
complete -c keeper -n "__fish_keeper_using_subcommand tunnel; and not __fish_seen_subcommand_from enrol keys revoke help" -f -a "revoke" -d 'Revokes an enrolment and ends its connection'
complete -c keeper -n "__fish_keeper_using_subcommand tunnel; and not __fish_seen_subcommand_from enrol keys revoke help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keeper -n "__fish_keeper_using_subcommand tunnel; and __fish_seen_subcommand_from enrol" -l name -d 'What to call it [default: colab]' -r
complete -c keeper -n "__fish_keeper_using_subcommand tunnel; and __fish_seen_subcommand_from enrol" -l days -d 'Days until it ends [default: tunnel.days of keeper.toml]' -r
complete -c keeper -n "__fish_keeper_using_subcommand tunnel; and __fish_seen_subcommand_from enrol" -l address -d 'Where this device is reached from the internet [default: tunnel.address or ddns.name of keeper.toml]' -r
complete -c keeper -n "__fish_keeper_using_subcommand tunnel; and __fish_seen_subcommand_from enrol" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand tunnel; and __fish_seen_subcommand_from keys" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand tunnel; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand tunnel; and __fish_seen_subcommand_from help" -f -a "enrol" -d 'Enrols a Colab machine, and prints the one line to paste there. It is a secret'
complete -c keeper -n "__fish_keeper_using_subcommand tunnel; and __fish_seen_subcommand_from help" -f -a "keys" -d 'Lists the enrolled machines'
complete -c keeper -n "__fish_keeper_using_subcommand tunnel; and __fish_seen_subcommand_from help" -f -a "revoke" -d 'Revokes an enrolment and ends its connection'
complete -c keeper -n "__fish_keeper_using_subcommand tunnel; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keeper -n "__fish_keeper_using_subcommand notebook" -l out -d 'Where to [default: stdout]' -r
complete -c keeper -n "__fish_keeper_using_subcommand notebook" -l config -d 'The configuration that says which machine to ask for' -r
complete -c keeper -n "__fish_keeper_using_subcommand notebook" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand shell" -l run -d 'Run a command there instead, with our stdin and stdout; ends as it ends' -r
complete -c keeper -n "__fish_keeper_using_subcommand shell" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand ssh-config" -l config -d 'The configuration that says where this device is reached' -r
complete -c keeper -n "__fish_keeper_using_subcommand ssh-config" -l known-hosts -d 'Print the keys by which it knows the machines instead'
complete -c keeper -n "__fish_keeper_using_subcommand ssh-config" -s h -l help -d 'Print help'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "status" -d 'Shows what keeperd is doing; fails when it does not answer'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "reload" -d 'Reloads one notebook now, or all of them'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "pause" -d 'Reloads nothing more until `keeper resume`'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "resume" -d 'Ends a pause'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "renew" -d 'Keeps the notebooks for another keep_hours from now on'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "open" -d 'Keeps one more notebook open, until it is closed'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "close" -d 'Keeps a notebook no longer that `keeper open` has opened'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "sign-in" -d 'Starts the browser plainly, for a person to sign in'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "signed-in" -d 'Ends what `keeper sign-in` has begun'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "logs" -d 'Shows the journal of keeperd, of the desktop and of the browser'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "doctor" -d 'Looks at the way from the internet to the Colab machine, and says what to mend'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "screenshot" -d 'Takes a picture of the desktop'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "apply" -d 'Puts the configuration in force, or takes it back'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "reset" -d 'Makes this device new again: removes people, settings and secrets, and restarts it'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "config" -d 'Checks or shows the configuration'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "tunnel" -d 'Enrols Colab machines, lists them, revokes them'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "notebook" -d 'Writes the notebook that has a Colab machine dial in. There is no secret in it'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "shell" -d 'Enters the Colab machine: one session for all, which waits for it and joins it again'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "ssh-config" -d 'Prints what a laptop\'s ~/.ssh/config needs to reach the Colab machine through this device'
complete -c keeper -n "__fish_keeper_using_subcommand help; and not __fish_seen_subcommand_from status reload pause resume renew open close sign-in signed-in logs doctor screenshot apply reset config tunnel notebook shell ssh-config help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keeper -n "__fish_keeper_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "check" -d 'Checks a configuration and lists everything that is wrong with it'
complete -c keeper -n "__fish_keeper_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Prints a configuration with every default filled in'
complete -c keeper -n "__fish_keeper_using_subcommand help; and __fish_seen_subcommand_from tunnel" -f -a "enrol" -d 'Enrols a Colab machine, and prints the one line to paste there. It is a secret'
complete -c keeper -n "__fish_keeper_using_subcommand help; and __fish_seen_subcommand_from tunnel" -f -a "keys" -d 'Lists the enrolled machines'
complete -c keeper -n "__fish_keeper_using_subcommand help; and __fish_seen_subcommand_from tunnel" -f -a "revoke" -d 'Revokes an enrolment and ends its connection'
