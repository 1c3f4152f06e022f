function __latent_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __latent_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __latent_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __latent_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __latent_parse_tokens -S
    set -l unparsed_tokens (__latent_tokens -pc)
    switch $unparsed_tokens[1]
    case 'latent'
        __latent_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'train'
            __latent_parse_subcommand -r 1 'o/output=' 'preset=' 'latents=' 'hidden=' 'activation=' 'widths=' 'blocks=' 'likelihood=' 'sigma=' 'mean=' 'size=' 'fit=' 'crop=' 'damage=' 'grey' 'colour' 'background=' 'flip' 'symmetries' 'halved' 'binarise' 'dequantise' 'validation=+' 'validation-share=' 'cache-size=' 'max-pixels=' 'epochs=' 'steps=' 'time=' 'optimizer=' 'learning-rate=' 'schedule=' 'momentum=' 'batch-size=' 'samples=' 'clip-gradient=' 'average=' 'bound-weight=' 'half' 'weight-prior' 'seed=' 'resume' 'start-from=' 'checkpoint-every=' 'keep-checkpoint' 'log=' 'log-every=' 'q/quiet' 'threads=' 'profile' 'version' 'h/help'
        case 'encode'
            __latent_parse_subcommand -r 1 'm/model=' 'format=' 'sample' 'variance' 'o/output=' 'seed=' 'max-pixels=' 'grey' 'background=' 'resize' 'threads=' 'profile' 'version' 'h/help'
        case 'decode'
            __latent_parse_subcommand 1 'm/model=' 'size=' 'o/output=' 'format=' 'quality=' 'depth=' 'grid=' 'gap=' 'threads=' 'profile' 'version' 'h/help'
        case 'reconstruct'
            __latent_parse_subcommand -r 1 'm/model=' 'o/output=' 'format=' 'quality=' 'depth=' 'grid=' 'gap=' 'max-pixels=' 'grey' 'background=' 'resize' 'tiled' 'threads=' 'profile' 'version' 'h/help'
        case 'sample'
            __latent_parse_subcommand 0 'm/model=' 'n/count=' 'temperature=' 'manifold=' 'size=' 'seed=' 'o/output=' 'format=' 'quality=' 'depth=' 'grid=' 'gap=' 'threads=' 'profile' 'version' 'h/help'
        case 'denoise'
            __latent_parse_subcommand -r 1 'm/model=' 'sigma=' 'sigma-map=' 'strength=' 'jpeg' 'jpeg-quality=' 'samples=' 'uncertainty=' 'colour-map' 'tile=' 'ensemble' 'seed=' 'steps=' 'draws=' 'o/output=' 'format=' 'quality=' 'depth=' 'grid=' 'gap=' 'r/recursive' 'skip-existing' 'no-record' 'max-pixels=' 'grey' 'background=' 'resize' 'tiled' 'threads=' 'profile' 'version' 'h/help'
        case 'inpaint'
            __latent_parse_subcommand -r 1 'mask=' 'm/model=' 'samples=' 'uncertainty=' 'colour-map' 'tile=' 'ensemble' 'seed=' 'method=' 'steps=' 'chains=' 'iterations=' 'o/output=' 'format=' 'quality=' 'depth=' 'grid=' 'gap=' 'r/recursive' 'skip-existing' 'no-record' 'max-pixels=' 'grey' 'background=' 'resize' 'tiled' 'threads=' 'profile' 'version' 'h/help'
        case 'upscale'
            __latent_parse_subcommand -r 1 's/scale=' 'm/model=' 'samples=' 'uncertainty=' 'colour-map' 'tile=' 'ensemble' 'seed=' 'o/output=' 'format=' 'quality=' 'depth=' 'grid=' 'gap=' 'r/recursive' 'skip-existing' 'no-record' 'max-pixels=' 'grey' 'background=' 'threads=' 'profile' 'version' 'h/help'
        case 'interpolate'
            __latent_parse_subcommand -r 1 'm/model=' 'frames=' 'path=' 'exact-ends' 'o/output=' 'format=' 'quality=' 'depth=' 'grid=' 'gap=' 'max-pixels=' 'grey' 'background=' 'resize' 'threads=' 'profile' 'version' 'h/help'
        case 'evaluate'
            __latent_parse_subcommand -r 1 'm/model=' 'importance-samples=' 'samples=' 'every=' 'limit=' 'binarise' 'per-image' 'json' 'seed=' 'max-pixels=' 'grey' 'background=' 'resize' 'threads=' 'profile' 'version' 'h/help'
        case 'compare'
            __latent_parse_subcommand 2 'mask=' 'ssim' 'exact' 'per-image' 'json' 'max-pixels=' 'grey' 'background=' 'version' 'h/help'
        case 'info'
            __latent_parse_subcommand 1 'tensors' 'json' 'version' 'h/help'
        case 'help'
            __latent_parse_subcommand -r 1 'version'
        end
    end
end

function __latent_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __latent_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __latent_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __latent_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__latent_tokens -p)
    if test -z "$(__latent_tokens -t)"
        set -l index (count (__latent_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'latent' -f
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent" version' -l 'version' -d 'Show the version.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'latent' -n '__latent_should_offer_completions_for_positional "latent" -eq 1' -fa 'train' -d 'Train a model on pictures.'
complete -c 'latent' -n '__latent_should_offer_completions_for_positional "latent" -eq 1' -fa 'encode' -d 'Turn pictures into latent vectors.'
complete -c 'latent' -n '__latent_should_offer_completions_for_positional "latent" -eq 1' -fa 'decode' -d 'Turn latent vectors into pictures.'
complete -c 'latent' -n '__latent_should_offer_completions_for_positional "latent" -eq 1' -fa 'reconstruct' -d 'Show what a model keeps of pictures: encode and decode in one.'
complete -c 'latent' -n '__latent_should_offer_completions_for_positional "latent" -eq 1' -fa 'sample' -d 'Draw new pictures from a model.'
complete -c 'latent' -n '__latent_should_offer_completions_for_positional "latent" -eq 1' -fa 'denoise' -d 'Take noise off pictures.'
complete -c 'latent' -n '__latent_should_offer_completions_for_positional "latent" -eq 1' -fa 'inpaint' -d 'Fill holes in pictures.'
complete -c 'latent' -n '__latent_should_offer_completions_for_positional "latent" -eq 1' -fa 'upscale' -d 'Enlarge pictures.'
complete -c 'latent' -n '__latent_should_offer_completions_for_positional "latent" -eq 1' -fa 'interpolate' -d 'Make the pictures between pictures.'
complete -c 'latent' -n '__latent_should_offer_completions_for_positional "latent" -eq 1' -fa 'evaluate' -d 'Measure how well a model explains pictures.'
complete -c 'latent' -n '__latent_should_offer_completions_for_positional "latent" -eq 1' -fa 'compare' -d 'Measure how far two pictures are apart.'
complete -c 'latent' -n '__latent_should_offer_completions_for_positional "latent" -eq 1' -fa 'info' -d 'Say everything that a model file knows of itself.'
complete -c 'latent' -n '__latent_should_offer_completions_for_positional "latent" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" o output' -s 'o' -l 'output' -d 'The model\'s file: NAME.safetensors.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" preset' -l 'preset' -d 'Where to start: aevb (one hidden layer of 500 tanh units, 20 latents), convolutional (residual, for pictures up to 128x128) or photograph (hierarchical and conditional, restores pictures of any size). Every option below goes over it.' -rfka 'aevb convolutional photograph'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" latents' -l 'latents' -d 'The number of latents; with --preset photograph, latent channels of every level.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" hidden' -l 'hidden' -d 'Units of the hidden dense layers, as in 500 or 400,200; none for a linear model.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" activation' -l 'activation' -d 'tanh, relu, leaky-relu, elu, silu, gelu or softplus.' -rfka 'tanh relu elu silu gelu softplus leaky-relu'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" widths' -l 'widths' -d 'Channels of the convolutions at 1/2, 1/4, 1/8 ... of the picture, as in 32,64,96.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" blocks' -l 'blocks' -d 'Residual blocks at each of them.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" likelihood' -l 'likelihood' -d 'bernoulli, gaussian (variance from the decoder) or gaussian-fixed.' -rfka 'bernoulli gaussian gaussian-fixed'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" sigma' -l 'sigma' -d 'The deviation of gaussian-fixed on the scale 0 to 255; 25.5 without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" mean' -l 'mean' -d 'What a Gaussian\'s mean goes through: identity or sigmoid, which keeps it in range.' -rfka 'identity sigmoid'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" size' -l 'size' -d 'Bring all pictures to this size; without it they must have one size.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" fit' -l 'fit' -d 'With --size, for other proportions: crop the middle, or fit the whole in.' -rfka 'crop fit'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" crop' -l 'crop' -d 'Train on random pieces of this size; 64x64 with --preset photograph.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" damage' -l 'damage' -d 'What a conditional model learns to restore: photograph (noise, JPEG artefacts, holes, small size) or noise.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" grey' -l 'grey' -d 'Train on grey pictures.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" colour' -l 'colour' -d 'Train on colour pictures; without either, colour where any picture has it.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" background' -l 'background' -d 'What transparent pixels are laid on: white, black or a grey level of 0 to 255.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" flip' -l 'flip' -d 'Mirror every other picture, by chance.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" symmetries' -l 'symmetries' -d 'Turn and mirror pieces in all eight ways, by chance.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" halved' -l 'halved' -d 'With --crop, show pictures longer than 1000 pixels at half their size as well.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" binarise' -l 'binarise' -d 'Draw every pixel as black or white by its intensity, anew each time.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" dequantise' -l 'dequantise' -d 'Add noise that spreads each of the 256 levels evenly.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train"' -l 'validation' -d 'Folders or files to validate on. Without it a share of the pictures is held out.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" validation-share' -l 'validation-share' -d 'The share held out, 0 to below 1; without it 0.05, at most 1000 pictures.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" cache-size' -l 'cache-size' -d 'Memory for decoded pictures, in MB; others are decoded when needed.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" max-pixels' -l 'max-pixels' -d 'The largest width times height that is read.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" epochs' -l 'epochs' -d 'Stop after this many passes over the data; 20 without any limit.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" steps' -l 'steps' -d 'Stop after this many steps.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" time' -l 'time' -d 'Stop after this time of training, as in 90s, 10m or 1h30m.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" optimizer' -l 'optimizer' -d 'adam, adagrad or sgd.' -rfka 'adam adagrad sgd'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" learning-rate' -l 'learning-rate' -d 'The optimiser\'s rate; 0.001 without it, 0.01 for adagrad.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" schedule' -l 'schedule' -d 'How the rate changes over the run: constant, or cosine, down to 0.' -rfka 'constant cosine'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" momentum' -l 'momentum' -d 'Momentum of sgd, 0 to 1.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" batch-size' -l 'batch-size' -d 'Pictures a step; 100 without it, 8 with --preset photograph.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" samples' -l 'samples' -d 'Draws of the posterior per picture.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" clip-gradient' -l 'clip-gradient' -d 'The longest gradient; a longer one is scaled down to it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" average' -l 'average' -d 'Keep an average of the weights as the model, with this share of it kept a step.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" bound-weight' -l 'bound-weight' -d 'The bound\'s weight beside direct restoration, for a conditional model: 0 to 1.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" half' -l 'half' -d 'Write the model in half precision.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" weight-prior' -l 'weight-prior' -d 'Put a prior N(0, 1) on the weights: maximum a posteriori.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" seed' -l 'seed' -d 'The seed of chance; equal seeds give equal results.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" resume' -l 'resume' -d 'Go on from the checkpoint beside the model; from the start where there is none.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" start-from' -l 'start-from' -d 'Begin with the weights of this model, which has the same form.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" checkpoint-every' -l 'checkpoint-every' -d 'Time between checkpoints.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" keep-checkpoint' -l 'keep-checkpoint' -d 'Keep the checkpoint when the run is done, to go on with more --epochs later.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" log' -l 'log' -d 'Write the run\'s course as a JSON object a line.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" log-every' -l 'log-every' -d 'Steps between two lines of the log.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" q quiet' -l 'quiet' -s 'q' -d 'Show no progress.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" threads' -l 'threads' -d 'Threads that compute; all cores without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" profile' -l 'profile' -d 'Tell at the end, on standard error, where the time went.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" version' -l 'version' -d 'Show the version.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent train" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent encode" m model' -s 'm' -l 'model' -d 'The model: a name such as digits, or a file.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent encode" format' -l 'format' -d 'text (a vector a line), ndjson (an object a line, with the picture\'s name and the log-variance) or npy (one NumPy array).' -rfka 'text ndjson npy'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent encode" sample' -l 'sample' -d 'Draw from the posterior instead of taking its mean.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent encode" variance' -l 'variance' -d 'Write log-variances too: in text and npy after the means.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent encode" o output' -s 'o' -l 'output' -d 'Write to a file instead of standard output.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent encode" seed' -l 'seed' -d 'The seed of chance; equal seeds give equal results.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent encode" max-pixels' -l 'max-pixels' -d 'The largest width times height that is read.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent encode" grey' -l 'grey' -d 'Make colour pictures grey.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent encode" background' -l 'background' -d 'What transparent pixels are laid on where transparency cannot be kept: white, black or a grey level of 0 to 255.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent encode" resize' -l 'resize' -d 'Scale a picture of another size to the model\'s size.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent encode" threads' -l 'threads' -d 'Threads that compute; all cores without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent encode" profile' -l 'profile' -d 'Tell at the end, on standard error, where the time went.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent encode" version' -l 'version' -d 'Show the version.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent encode" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent decode" m model' -s 'm' -l 'model' -d 'The model: a name such as digits, or a file.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent decode" size' -l 'size' -d 'The pictures\' size, of a hierarchical model; that of its training pictures without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent decode" o output' -s 'o' -l 'output' -d 'A file; a pattern such as out-%04d.png, numbered from 1; a folder, for the inputs\' own names (with / behind one that is not there yet); or - for standard output, one picture after another.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent decode" format' -l 'format' -d 'png, jpeg or npy; by the output\'s extension without it, and png for standard output.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent decode" quality' -l 'quality' -d 'JPEG quality, 1 to 100; above 90 colour keeps its full resolution.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent decode" depth' -l 'depth' -d 'Bits per sample, 8 or 16 (PNG).' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent decode" grid' -l 'grid' -d 'Put the pictures into one, row by row.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent decode" gap' -l 'gap' -d 'Pixels between the pictures of a grid.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent decode" threads' -l 'threads' -d 'Threads that compute; all cores without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent decode" profile' -l 'profile' -d 'Tell at the end, on standard error, where the time went.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent decode" version' -l 'version' -d 'Show the version.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent decode" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent reconstruct" m model' -s 'm' -l 'model' -d 'The model: a name such as digits, or a file.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent reconstruct" o output' -s 'o' -l 'output' -d 'A file; a pattern such as out-%04d.png, numbered from 1; a folder, for the inputs\' own names (with / behind one that is not there yet); or - for standard output, one picture after another.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent reconstruct" format' -l 'format' -d 'png, jpeg or npy; by the output\'s extension without it, and png for standard output.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent reconstruct" quality' -l 'quality' -d 'JPEG quality, 1 to 100; above 90 colour keeps its full resolution.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent reconstruct" depth' -l 'depth' -d 'Bits per sample, 8 or 16 (PNG).' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent reconstruct" grid' -l 'grid' -d 'Put the pictures into one, row by row.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent reconstruct" gap' -l 'gap' -d 'Pixels between the pictures of a grid.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent reconstruct" max-pixels' -l 'max-pixels' -d 'The largest width times height that is read.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent reconstruct" grey' -l 'grey' -d 'Make colour pictures grey.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent reconstruct" background' -l 'background' -d 'What transparent pixels are laid on where transparency cannot be kept: white, black or a grey level of 0 to 255.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent reconstruct" resize' -l 'resize' -d 'Scale a picture of another size to the model\'s size, and the result back.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent reconstruct" tiled' -l 'tiled' -d 'Cut a larger picture into overlapping tiles of the model\'s size, handle each on its own, and blend the results. (For models of one picture size.)'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent reconstruct" threads' -l 'threads' -d 'Threads that compute; all cores without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent reconstruct" profile' -l 'profile' -d 'Tell at the end, on standard error, where the time went.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent reconstruct" version' -l 'version' -d 'Show the version.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent reconstruct" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent sample" m model' -s 'm' -l 'model' -d 'The model: a name such as digits, or a file.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent sample" count n' -s 'n' -l 'count' -d 'How many; with --grid as many as fill it, otherwise 1.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent sample" temperature' -l 'temperature' -d 'Standard deviation of z: below 1 plainer, above 1 stranger.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent sample" manifold' -l 'manifold' -d 'A grid over the plane of two latents, in one picture.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent sample" size' -l 'size' -d 'The pictures\' size, of a hierarchical model; that of its training pictures without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent sample" seed' -l 'seed' -d 'The seed of chance; equal seeds give equal results.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent sample" o output' -s 'o' -l 'output' -d 'A file; a pattern such as out-%04d.png, numbered from 1; a folder, for the inputs\' own names (with / behind one that is not there yet); or - for standard output, one picture after another.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent sample" format' -l 'format' -d 'png, jpeg or npy; by the output\'s extension without it, and png for standard output.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent sample" quality' -l 'quality' -d 'JPEG quality, 1 to 100; above 90 colour keeps its full resolution.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent sample" depth' -l 'depth' -d 'Bits per sample, 8 or 16 (PNG).' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent sample" grid' -l 'grid' -d 'Put the pictures into one, row by row.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent sample" gap' -l 'gap' -d 'Pixels between the pictures of a grid.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent sample" threads' -l 'threads' -d 'Threads that compute; all cores without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent sample" profile' -l 'profile' -d 'Tell at the end, on standard error, where the time went.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent sample" version' -l 'version' -d 'Show the version.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent sample" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" m model' -s 'm' -l 'model' -d 'The model: a name such as digits, or a file.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" sigma' -l 'sigma' -d 'The noise\'s standard deviation on the scale 0 to 255; estimated without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" sigma-map' -l 'sigma-map' -d 'The noise of every pixel: a grey picture (its level is the deviation; of 16 bits, 257 times it) or an array of deviations.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" strength' -l 'strength' -d 'How much of the change to make, 0 to 1; less keeps some grain.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" jpeg' -l 'jpeg' -d 'Take off JPEG artefacts; without --sigma, those alone.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" jpeg-quality' -l 'jpeg-quality' -d 'The quality that the picture was coded with, where its file does not tell.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" samples' -l 'samples' -d 'Write this many plausible pictures, drawn from the model, instead of the best estimate.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" uncertainty' -l 'uncertainty' -d 'Write the standard deviation of every pixel over the samples (16 without --samples): grey 16-bit PNG, 65535 for the whole range of a picture. For several pictures a pattern or a folder.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" colour-map' -l 'colour-map' -d 'Write the uncertainty in colours, dark for sure and bright for unsure.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" tile' -l 'tile' -d 'The side of the tiles that a large picture is cut into, in pixels. The result is the same for every size.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" ensemble' -l 'ensemble' -d 'Average the results for the picture turned and mirrored in all eight ways: a little better, eight times slower.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" seed' -l 'seed' -d 'The seed of chance; equal seeds give equal results.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" steps' -l 'steps' -d 'Steps of the refinement, for models of one size; 200 without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" draws' -l 'draws' -d 'Draws of every refined posterior, for such models; 16 without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" o output' -s 'o' -l 'output' -d 'A file; a pattern such as out-%04d.png, numbered from 1; a folder, for the inputs\' own names (with / behind one that is not there yet); or - for standard output, one picture after another.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" format' -l 'format' -d 'png, jpeg or npy; by the output\'s extension without it, and png for standard output.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" quality' -l 'quality' -d 'JPEG quality, 1 to 100; above 90 colour keeps its full resolution.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" depth' -l 'depth' -d 'Bits per sample, 8 or 16 (PNG).' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" grid' -l 'grid' -d 'Put the pictures into one, row by row.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" gap' -l 'gap' -d 'Pixels between the pictures of a grid.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" r recursive' -s 'r' -l 'recursive' -d 'Take the pictures of a folder\'s folders too; the output folder gets the same tree.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" skip-existing' -l 'skip-existing' -d 'Leave results alone that are there already, and make the others.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" no-record' -l 'no-record' -d 'Do not write into a result what was done to it. (PNG: a text called Software; JPEG: a comment.)'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" max-pixels' -l 'max-pixels' -d 'The largest width times height that is read.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" grey' -l 'grey' -d 'Make colour pictures grey.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" background' -l 'background' -d 'What transparent pixels are laid on where transparency cannot be kept: white, black or a grey level of 0 to 255.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" resize' -l 'resize' -d 'Scale a picture of another size to the model\'s size, and the result back.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" tiled' -l 'tiled' -d 'Cut a larger picture into overlapping tiles of the model\'s size, handle each on its own, and blend the results. (For models of one picture size.)'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" threads' -l 'threads' -d 'Threads that compute; all cores without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" profile' -l 'profile' -d 'Tell at the end, on standard error, where the time went.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" version' -l 'version' -d 'Show the version.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent denoise" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" mask' -l 'mask' -d 'A picture or array that is not black where to fill, of the picture\'s size; a folder of masks that are called as their pictures; or alpha.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" m model' -s 'm' -l 'model' -d 'The model: a name such as digits, or a file.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" samples' -l 'samples' -d 'Write this many plausible pictures, drawn from the model, instead of the best estimate.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" uncertainty' -l 'uncertainty' -d 'Write the standard deviation of every pixel over the samples (16 without --samples): grey 16-bit PNG, 65535 for the whole range of a picture. For several pictures a pattern or a folder.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" colour-map' -l 'colour-map' -d 'Write the uncertainty in colours, dark for sure and bright for unsure.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" tile' -l 'tile' -d 'The side of the tiles that a large picture is cut into, in pixels. The result is the same for every size.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" ensemble' -l 'ensemble' -d 'Average the results for the picture turned and mirrored in all eight ways: a little better, eight times slower.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" seed' -l 'seed' -d 'The seed of chance; equal seeds give equal results.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" method' -l 'method' -d 'Of models of one size: metropolis, gibbs or map; metropolis without it.' -rfka 'gibbs metropolis map'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" steps' -l 'steps' -d 'Of such models: steps towards the start of every chain, and of map; 200 without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" chains' -l 'chains' -d 'Markov chains a picture; 8 without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" iterations' -l 'iterations' -d 'Steps of every chain; 40 without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" o output' -s 'o' -l 'output' -d 'A file; a pattern such as out-%04d.png, numbered from 1; a folder, for the inputs\' own names (with / behind one that is not there yet); or - for standard output, one picture after another.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" format' -l 'format' -d 'png, jpeg or npy; by the output\'s extension without it, and png for standard output.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" quality' -l 'quality' -d 'JPEG quality, 1 to 100; above 90 colour keeps its full resolution.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" depth' -l 'depth' -d 'Bits per sample, 8 or 16 (PNG).' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" grid' -l 'grid' -d 'Put the pictures into one, row by row.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" gap' -l 'gap' -d 'Pixels between the pictures of a grid.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" r recursive' -s 'r' -l 'recursive' -d 'Take the pictures of a folder\'s folders too; the output folder gets the same tree.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" skip-existing' -l 'skip-existing' -d 'Leave results alone that are there already, and make the others.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" no-record' -l 'no-record' -d 'Do not write into a result what was done to it. (PNG: a text called Software; JPEG: a comment.)'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" max-pixels' -l 'max-pixels' -d 'The largest width times height that is read.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" grey' -l 'grey' -d 'Make colour pictures grey.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" background' -l 'background' -d 'What transparent pixels are laid on where transparency cannot be kept: white, black or a grey level of 0 to 255.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" resize' -l 'resize' -d 'Scale a picture of another size to the model\'s size, and the result back.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" tiled' -l 'tiled' -d 'Cut a larger picture into overlapping tiles of the model\'s size, handle each on its own, and blend the results. (For models of one picture size.)'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" threads' -l 'threads' -d 'Threads that compute; all cores without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" profile' -l 'profile' -d 'Tell at the end, on standard error, where the time went.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" version' -l 'version' -d 'Show the version.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent inpaint" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" s scale' -s 's' -l 'scale' -d 'How many times larger: 2, 3 or 4.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" m model' -s 'm' -l 'model' -d 'The model: a name such as digits, or a file.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" samples' -l 'samples' -d 'Write this many plausible pictures, drawn from the model, instead of the best estimate.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" uncertainty' -l 'uncertainty' -d 'Write the standard deviation of every pixel over the samples (16 without --samples): grey 16-bit PNG, 65535 for the whole range of a picture. For several pictures a pattern or a folder.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" colour-map' -l 'colour-map' -d 'Write the uncertainty in colours, dark for sure and bright for unsure.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" tile' -l 'tile' -d 'The side of the tiles that a large picture is cut into, in pixels. The result is the same for every size.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" ensemble' -l 'ensemble' -d 'Average the results for the picture turned and mirrored in all eight ways: a little better, eight times slower.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" seed' -l 'seed' -d 'The seed of chance; equal seeds give equal results.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" o output' -s 'o' -l 'output' -d 'A file; a pattern such as out-%04d.png, numbered from 1; a folder, for the inputs\' own names (with / behind one that is not there yet); or - for standard output, one picture after another.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" format' -l 'format' -d 'png, jpeg or npy; by the output\'s extension without it, and png for standard output.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" quality' -l 'quality' -d 'JPEG quality, 1 to 100; above 90 colour keeps its full resolution.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" depth' -l 'depth' -d 'Bits per sample, 8 or 16 (PNG).' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" grid' -l 'grid' -d 'Put the pictures into one, row by row.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" gap' -l 'gap' -d 'Pixels between the pictures of a grid.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" r recursive' -s 'r' -l 'recursive' -d 'Take the pictures of a folder\'s folders too; the output folder gets the same tree.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" skip-existing' -l 'skip-existing' -d 'Leave results alone that are there already, and make the others.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" no-record' -l 'no-record' -d 'Do not write into a result what was done to it. (PNG: a text called Software; JPEG: a comment.)'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" max-pixels' -l 'max-pixels' -d 'The largest width times height that is read.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" grey' -l 'grey' -d 'Make colour pictures grey.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" background' -l 'background' -d 'What transparent pixels are laid on where transparency cannot be kept: white, black or a grey level of 0 to 255.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" threads' -l 'threads' -d 'Threads that compute; all cores without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" profile' -l 'profile' -d 'Tell at the end, on standard error, where the time went.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" version' -l 'version' -d 'Show the version.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent upscale" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent interpolate" m model' -s 'm' -l 'model' -d 'The model: a name such as digits, or a file.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent interpolate" frames' -l 'frames' -d 'How many pictures, the ends included.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent interpolate" path' -l 'path' -d 'linear, or spherical: along a great circle, where the prior has its mass.' -rfka 'linear spherical'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent interpolate" exact-ends' -l 'exact-ends' -d 'Show the given pictures themselves, not their reconstructions.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent interpolate" o output' -s 'o' -l 'output' -d 'A file; a pattern such as out-%04d.png, numbered from 1; a folder, for the inputs\' own names (with / behind one that is not there yet); or - for standard output, one picture after another.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent interpolate" format' -l 'format' -d 'png, jpeg or npy; by the output\'s extension without it, and png for standard output.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent interpolate" quality' -l 'quality' -d 'JPEG quality, 1 to 100; above 90 colour keeps its full resolution.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent interpolate" depth' -l 'depth' -d 'Bits per sample, 8 or 16 (PNG).' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent interpolate" grid' -l 'grid' -d 'Put the pictures into one, row by row.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent interpolate" gap' -l 'gap' -d 'Pixels between the pictures of a grid.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent interpolate" max-pixels' -l 'max-pixels' -d 'The largest width times height that is read.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent interpolate" grey' -l 'grey' -d 'Make colour pictures grey.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent interpolate" background' -l 'background' -d 'What transparent pixels are laid on where transparency cannot be kept: white, black or a grey level of 0 to 255.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent interpolate" resize' -l 'resize' -d 'Scale a picture of another size to the model\'s size.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent interpolate" threads' -l 'threads' -d 'Threads that compute; all cores without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent interpolate" profile' -l 'profile' -d 'Tell at the end, on standard error, where the time went.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent interpolate" version' -l 'version' -d 'Show the version.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent interpolate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent evaluate" m model' -s 'm' -l 'model' -d 'The model: a name such as digits, or a file.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent evaluate" importance-samples' -l 'importance-samples' -d 'Draws for the importance-weighted estimate of log p(x).' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent evaluate" samples' -l 'samples' -d 'Draws of the posterior for the bound.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent evaluate" every' -l 'every' -d 'Take every so many pictures only: 10 for a tenth of a sorted set.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent evaluate" limit' -l 'limit' -d 'Take the first pictures only.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent evaluate" binarise' -l 'binarise' -d 'Draw every pixel as black or white by its intensity first; --seed decides how.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent evaluate" per-image' -l 'per-image' -d 'Print a line for every picture before the means.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent evaluate" json' -l 'json' -d 'Print one JSON object.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent evaluate" seed' -l 'seed' -d 'The seed of chance; equal seeds give equal results.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent evaluate" max-pixels' -l 'max-pixels' -d 'The largest width times height that is read.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent evaluate" grey' -l 'grey' -d 'Make colour pictures grey.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent evaluate" background' -l 'background' -d 'What transparent pixels are laid on where transparency cannot be kept: white, black or a grey level of 0 to 255.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent evaluate" resize' -l 'resize' -d 'Scale a picture of another size to the model\'s size.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent evaluate" threads' -l 'threads' -d 'Threads that compute; all cores without it.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent evaluate" profile' -l 'profile' -d 'Tell at the end, on standard error, where the time went.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent evaluate" version' -l 'version' -d 'Show the version.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent evaluate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent compare" mask' -l 'mask' -d 'Count only the pixels where this picture or array is not zero.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent compare" ssim' -l 'ssim' -d 'Print the structural similarity (SSIM) too, over all pixels.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent compare" exact' -l 'exact' -d 'Compare without rounding and clipping to 8 bits.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent compare" per-image' -l 'per-image' -d 'Print a line for every picture before the mean.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent compare" json' -l 'json' -d 'Print one JSON object.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent compare" max-pixels' -l 'max-pixels' -d 'The largest width times height that is read.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent compare" grey' -l 'grey' -d 'Make colour pictures grey.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent compare" background' -l 'background' -d 'What transparent pixels are laid on where transparency cannot be kept: white, black or a grey level of 0 to 255.' -rfka ''
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent compare" version' -l 'version' -d 'Show the version.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent compare" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent info" tensors' -l 'tensors' -d 'List the tensors with their shapes.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent info" json' -l 'json' -d 'Print one JSON object.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent info" version' -l 'version' -d 'Show the version.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent info" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'latent' -n '__latent_should_offer_completions_for_flags_or_options "latent help" version' -l 'version' -d 'Show the version.'
