# The session of `keeper shell`. Whoever types in it may do everything in the Colab machine and nothing on this device, so
# tmux has no key by which it could start a program here. For tmux 3.0 upwards.
unbind-key -a -T prefix
unbind-key -a -T root
set-option -g prefix None
set-option -g prefix2 None
bind-key -T root F12 detach-client
set-option -g default-shell /bin/sh
set-option -g default-terminal screen-256color
set-option -g mouse off
set-option -g set-clipboard off
set-option -g escape-time 20
set-option -g update-environment ""
# Whoever looks with the smaller window does not make the other one's small.
set-option -g window-size latest
set-option -g remain-on-exit off
set-option -g status-left ""
set-option -g status-right "F12: leave; what runs there runs on"
set-option -g status-right-length 60
set-option -g window-status-current-format "Colab"
