#!/bin/bash

__latent_cursor_index_in_current_word() {
    local remaining="${COMP_LINE}"

    local word
    for word in "${COMP_WORDS[@]::COMP_CWORD}"; do
        remaining="${remaining##*([[:space:]])"${word}"*([[:space:]])}"
    done

    local -ir index="$((COMP_POINT - ${#COMP_LINE} + ${#remaining}))"
    if [[ "${index}" -le 0 ]]; then
        printf 0
    else
        printf %s "${index}"
    fi
}

# positional arguments:
#
# - 1: the current (sub)command's count of positional arguments
#
# required variables:
#
# - repeating_flags: the repeating flags that the current (sub)command can accept
# - non_repeating_flags: the non-repeating flags that the current (sub)command can accept
# - repeating_options: the repeating options that the current (sub)command can accept
# - non_repeating_options: the non-repeating options that the current (sub)command can accept
# - positional_number: value ignored
# - unparsed_words: unparsed words from the current command line
#
# modified variables:
#
# - non_repeating_flags: remove flags for this (sub)command that are already on the command line
# - non_repeating_options: remove options for this (sub)command that are already on the command line
# - positional_number: set to the current positional number
# - unparsed_words: remove all flags, options, and option values for this (sub)command
__latent_offer_flags_options() {
    local -ir positional_count="${1}"
    positional_number=0

    local was_flag_option_terminator_seen=false
    local is_parsing_option_value=false

    local -ar unparsed_word_indices=("${!unparsed_words[@]}")
    local -i word_index
    for word_index in "${unparsed_word_indices[@]}"; do
        if "${is_parsing_option_value}"; then
            # This word is an option value:
            # Reset marker for next word iff not currently the last word
            [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]] && is_parsing_option_value=false
            unset "unparsed_words[${word_index}]"
            # Do not process this word as a flag or an option
            continue
        fi

        local word="${unparsed_words["${word_index}"]}"
        if ! "${was_flag_option_terminator_seen}"; then
            case "${word}" in
            --)
                unset "unparsed_words[${word_index}]"
                # by itself -- is a flag/option terminator, but if it is the last word, it is the start of a completion
                if [[ "${word_index}" -ne "${unparsed_word_indices[${#unparsed_word_indices[@]} - 1]}" ]]; then
                    was_flag_option_terminator_seen=true
                fi
                continue
                ;;
            -*)
                # ${word} is a flag or an option
                # If ${word} is an option, mark that the next word to be parsed is an option value
                local option
                for option in "${repeating_options[@]}" "${non_repeating_options[@]}"; do
                    [[ "${word}" = "${option}" ]] && is_parsing_option_value=true && break
                done

                # Remove ${word} from ${non_repeating_flags} or ${non_repeating_options} so it isn't offered again
                local not_found=true
                local -i index
                for index in "${!non_repeating_flags[@]}"; do
                    if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                        unset "non_repeating_flags[${index}]"
                        non_repeating_flags=("${non_repeating_flags[@]}")
                        not_found=false
                        break
                    fi
                done
                if "${not_found}"; then
                    for index in "${!non_repeating_flags[@]}"; do
                        if [[ "${non_repeating_flags[${index}]}" = "${word}" ]]; then
                            unset "non_repeating_flags[${index}]"
                            non_repeating_flags=("${non_repeating_flags[@]}")
                            break
                        fi
                    done
                fi
                unset "unparsed_words[${word_index}]"
                continue
                ;;
            esac
        fi

        # ${word} is neither a flag, nor an option, nor an option value
        if [[ "${positional_number}" -lt "${positional_count}" || "${positional_count}" -lt 0 ]]; then
            # ${word} is a positional
            ((positional_number++))
            unset "unparsed_words[${word_index}]"
        else
            if [[ -z "${word}" ]]; then
                # Could be completing a flag, option, or subcommand
                positional_number=-1
            else
                # ${word} is a subcommand or invalid, so stop processing this (sub)command
                positional_number=-2
            fi
            break
        fi
    done

    unparsed_words=("${unparsed_words[@]}")

    if\
        ! "${was_flag_option_terminator_seen}"\
        && ! "${is_parsing_option_value}"\
        && [[ ("${cur}" = -* && "${positional_number}" -ge 0) || "${positional_number}" -eq -1 ]]
    then
        COMPREPLY+=($(compgen -W "${repeating_flags[*]} ${non_repeating_flags[*]} ${repeating_options[*]} ${non_repeating_options[*]}" -- "${cur}"))
    fi
}

__latent_add_completions() {
    local completion
    while IFS='' read -r completion; do
        COMPREPLY+=("${completion}")
    done < <(IFS=$'\n' compgen "${@}" -- "${cur}")
}

__latent_custom_complete() {
    if [[ -n "${cur}" || -z ${COMP_WORDS[${COMP_CWORD}]} || "${COMP_LINE:${COMP_POINT}:1}" != ' ' ]]; then
        local -ar words=("${COMP_WORDS[@]}")
    else
        local -ar words=("${COMP_WORDS[@]::${COMP_CWORD}}" '' "${COMP_WORDS[@]:${COMP_CWORD}}")
    fi

    "${COMP_WORDS[0]}" "${@}" "${words[@]}"
}

_latent() {
    local state
    state="$(shopt -p;shopt -po)"
    trap "${state//$'\n'/;}" RETURN
    shopt -s extglob
    set +o history +o posix

    local -xr SAP_SHELL=bash
    local -x SAP_SHELL_VERSION
    SAP_SHELL_VERSION="$(IFS='.';printf %s "${BASH_VERSINFO[*]}")"
    local -r SAP_SHELL_VERSION

    local -r cur="${2}"
    local -r prev="${3}"

    local -i positional_number
    local -a unparsed_words=("${COMP_WORDS[@]:1:${COMP_CWORD}}")

    local -a repeating_flags=()
    local -a non_repeating_flags=(--version -h --help)
    local -a repeating_options=()
    local -a non_repeating_options=()
    __latent_offer_flags_options 0

    # Offer subcommand / subcommand argument completions
    local -r subcommand="${unparsed_words[0]}"
    unset 'unparsed_words[0]'
    unparsed_words=("${unparsed_words[@]}")
    case "${subcommand}" in
    train|encode|decode|reconstruct|sample|denoise|inpaint|upscale|interpolate|evaluate|compare|info|report|status|help)
        # Offer subcommand argument completions
        "_latent_${subcommand}"
        ;;
    *)
        # Offer subcommand completions
        COMPREPLY+=($(compgen -W 'train encode decode reconstruct sample denoise inpaint upscale interpolate evaluate compare info report status help' -- "${cur}"))
        ;;
    esac
}

_latent_train() {
    repeating_flags=()
    non_repeating_flags=(--doubly-reparameterized --doubly-reparameterised --allow-high-variance --gray --grey --color --colour --flip --no-flip --symmetries --halved --halved-only --binarize --binarise --binarize-once --binarise-once --dequantize --dequantise --half --weight-prior --resume --overwrite --dry-run --keep-checkpoint --quiet -q --profile --version -h --help)
    repeating_options=(--validation)
    non_repeating_options=(-o --output --preset --latents --hidden --activation --widths --blocks --groups --likelihood --sigma --components --mean --posterior --degrees-of-freedom --flow-steps --flow-units --prior --prior-components --estimator --importance-samples --size --fit --crop --damage --background --most-detailed-of --reduce-up-to --threshold --noise --validation-share --array-white --array-axes --cache-size --max-pixels --epochs --steps --time --patience --optimizer --learning-rate --schedule --drop-every --drop-factor --momentum --epsilon --weight-decay --batch-size --samples --clip-gradient --average --bound-weight --sync-every --train-only --beta --warm-up --free-bits --latent-groups --denoising-criterion --seed --start-from --noise-estimator --precision --checkpoint-every --log --log-every --report --threads)
    __latent_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        return
        ;;
    '--preset')
        __latent_add_completions -W 'aevb'$'\n''convolutional'$'\n''deep'$'\n''photograph'
        return
        ;;
    '--latents')
        return
        ;;
    '--hidden')
        return
        ;;
    '--activation')
        __latent_add_completions -W 'tanh'$'\n''relu'$'\n''elu'$'\n''silu'$'\n''gelu'$'\n''softplus'$'\n''leaky-relu'$'\n''gated'
        return
        ;;
    '--widths')
        return
        ;;
    '--blocks')
        return
        ;;
    '--groups')
        return
        ;;
    '--likelihood')
        return
        ;;
    '--sigma')
        return
        ;;
    '--components')
        return
        ;;
    '--mean')
        __latent_add_completions -W 'identity'$'\n''sigmoid'
        return
        ;;
    '--posterior')
        return
        ;;
    '--degrees-of-freedom')
        return
        ;;
    '--flow-steps')
        return
        ;;
    '--flow-units')
        return
        ;;
    '--prior')
        return
        ;;
    '--prior-components')
        return
        ;;
    '--estimator')
        __latent_add_completions -W 'sgvb-a'$'\n''sgvb-b'$'\n''iwae'$'\n''score-function'
        return
        ;;
    '--importance-samples')
        return
        ;;
    '--size')
        return
        ;;
    '--fit')
        __latent_add_completions -W 'crop'$'\n''fit'
        return
        ;;
    '--crop')
        return
        ;;
    '--damage')
        return
        ;;
    '--background')
        return
        ;;
    '--most-detailed-of')
        return
        ;;
    '--reduce-up-to')
        return
        ;;
    '--threshold')
        return
        ;;
    '--noise')
        return
        ;;
    '--validation')
        return
        ;;
    '--validation-share')
        return
        ;;
    '--array-white')
        return
        ;;
    '--array-axes')
        __latent_add_completions -W 'hw'$'\n''nhw'$'\n''chw'$'\n''hwc'$'\n''nchw'$'\n''nhwc'
        return
        ;;
    '--cache-size')
        return
        ;;
    '--max-pixels')
        return
        ;;
    '--epochs')
        return
        ;;
    '--steps')
        return
        ;;
    '--time')
        return
        ;;
    '--patience')
        return
        ;;
    '--optimizer')
        __latent_add_completions -W 'adam'$'\n''adamw'$'\n''adamax'$'\n''adagrad'$'\n''momentum'$'\n''sgd'
        return
        ;;
    '--learning-rate')
        return
        ;;
    '--schedule')
        __latent_add_completions -W 'constant'$'\n''cosine'$'\n''step'$'\n''iwae'
        return
        ;;
    '--drop-every')
        return
        ;;
    '--drop-factor')
        return
        ;;
    '--momentum')
        return
        ;;
    '--epsilon')
        return
        ;;
    '--weight-decay')
        return
        ;;
    '--batch-size')
        return
        ;;
    '--samples')
        return
        ;;
    '--clip-gradient')
        return
        ;;
    '--average')
        return
        ;;
    '--bound-weight')
        return
        ;;
    '--sync-every')
        return
        ;;
    '--train-only')
        return
        ;;
    '--beta')
        return
        ;;
    '--warm-up')
        return
        ;;
    '--free-bits')
        return
        ;;
    '--latent-groups')
        return
        ;;
    '--denoising-criterion')
        return
        ;;
    '--seed')
        return
        ;;
    '--start-from')
        return
        ;;
    '--noise-estimator')
        return
        ;;
    '--precision')
        __latent_add_completions -W 'float32'$'\n''bfloat16'
        return
        ;;
    '--checkpoint-every')
        return
        ;;
    '--log')
        return
        ;;
    '--log-every')
        return
        ;;
    '--report')
        return
        ;;
    '--threads')
        return
        ;;
    esac
}

_latent_encode() {
    repeating_flags=()
    non_repeating_flags=(--sample --variance --gray --grey --resize --profile --version -h --help)
    repeating_options=()
    non_repeating_options=(-m --model --format -o --output --part --seed --max-pixels --background --array-white --array-axes --threads)
    __latent_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '-m'|'--model')
        return
        ;;
    '--format')
        __latent_add_completions -W 'text'$'\n''ndjson'$'\n''npy'
        return
        ;;
    '-o'|'--output')
        return
        ;;
    '--part')
        return
        ;;
    '--seed')
        return
        ;;
    '--max-pixels')
        return
        ;;
    '--background')
        return
        ;;
    '--array-white')
        return
        ;;
    '--array-axes')
        __latent_add_completions -W 'hw'$'\n''nhw'$'\n''chw'$'\n''hwc'$'\n''nchw'$'\n''nhwc'
        return
        ;;
    '--threads')
        return
        ;;
    esac
}

_latent_decode() {
    repeating_flags=()
    non_repeating_flags=(--profile --version -h --help)
    repeating_options=()
    non_repeating_options=(-m --model --size -o --output --format --quality --depth --grid --gap --threads)
    __latent_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '-m'|'--model')
        return
        ;;
    '--size')
        return
        ;;
    '-o'|'--output')
        return
        ;;
    '--format')
        return
        ;;
    '--quality')
        return
        ;;
    '--depth')
        return
        ;;
    '--grid')
        return
        ;;
    '--gap')
        return
        ;;
    '--threads')
        return
        ;;
    esac
}

_latent_reconstruct() {
    repeating_flags=()
    non_repeating_flags=(--claim --retry-failed --gray --grey --resize --tiled --profile --version -h --help)
    repeating_options=()
    non_repeating_options=(-m --model --part --claim-timeout -o --output --format --quality --depth --grid --gap --max-pixels --background --array-white --array-axes --threads)
    __latent_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '-m'|'--model')
        return
        ;;
    '--part')
        return
        ;;
    '--claim-timeout')
        return
        ;;
    '-o'|'--output')
        return
        ;;
    '--format')
        return
        ;;
    '--quality')
        return
        ;;
    '--depth')
        return
        ;;
    '--grid')
        return
        ;;
    '--gap')
        return
        ;;
    '--max-pixels')
        return
        ;;
    '--background')
        return
        ;;
    '--array-white')
        return
        ;;
    '--array-axes')
        __latent_add_completions -W 'hw'$'\n''nhw'$'\n''chw'$'\n''hwc'$'\n''nchw'$'\n''nhwc'
        return
        ;;
    '--threads')
        return
        ;;
    esac
}

_latent_sample() {
    repeating_flags=()
    non_repeating_flags=(--profile --version -h --help)
    repeating_options=()
    non_repeating_options=(-m --model -n --count --temperature --manifold --size --seed -o --output --format --quality --depth --grid --gap --threads)
    __latent_offer_flags_options 0

    # Offer option value completions
    case "${prev}" in
    '-m'|'--model')
        return
        ;;
    '-n'|'--count')
        return
        ;;
    '--temperature')
        return
        ;;
    '--manifold')
        return
        ;;
    '--size')
        return
        ;;
    '--seed')
        return
        ;;
    '-o'|'--output')
        return
        ;;
    '--format')
        return
        ;;
    '--quality')
        return
        ;;
    '--depth')
        return
        ;;
    '--grid')
        return
        ;;
    '--gap')
        return
        ;;
    '--threads')
        return
        ;;
    esac
}

_latent_denoise() {
    repeating_flags=()
    non_repeating_flags=(--jpeg --color-map --colour-map -r --recursive --skip-existing --claim --retry-failed --no-record --gray --grey --resize --tiled --profile --version -h --help)
    repeating_options=()
    non_repeating_options=(-m --model --sigma --noise --sigma-map --strength --jpeg-quality --samples --uncertainty --tile --ensemble --seed --steps --draws -o --output --format --quality --depth --grid --gap --part --claim-timeout --max-pixels --background --array-white --array-axes --threads)
    __latent_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '-m'|'--model')
        return
        ;;
    '--sigma')
        return
        ;;
    '--noise')
        return
        ;;
    '--sigma-map')
        return
        ;;
    '--strength')
        return
        ;;
    '--jpeg-quality')
        return
        ;;
    '--samples')
        return
        ;;
    '--uncertainty')
        return
        ;;
    '--tile')
        return
        ;;
    '--ensemble')
        __latent_add_completions -W '2'$'\n''4'$'\n''8'
        return
        ;;
    '--seed')
        return
        ;;
    '--steps')
        return
        ;;
    '--draws')
        return
        ;;
    '-o'|'--output')
        return
        ;;
    '--format')
        return
        ;;
    '--quality')
        return
        ;;
    '--depth')
        return
        ;;
    '--grid')
        return
        ;;
    '--gap')
        return
        ;;
    '--part')
        return
        ;;
    '--claim-timeout')
        return
        ;;
    '--max-pixels')
        return
        ;;
    '--background')
        return
        ;;
    '--array-white')
        return
        ;;
    '--array-axes')
        __latent_add_completions -W 'hw'$'\n''nhw'$'\n''chw'$'\n''hwc'$'\n''nchw'$'\n''nhwc'
        return
        ;;
    '--threads')
        return
        ;;
    esac
}

_latent_inpaint() {
    repeating_flags=()
    non_repeating_flags=(--color-map --colour-map -r --recursive --skip-existing --claim --retry-failed --no-record --gray --grey --resize --tiled --profile --version -h --help)
    repeating_options=()
    non_repeating_options=(--mask --mask-threshold --grow -m --model --samples --uncertainty --tile --ensemble --seed --method --steps --chains --iterations -o --output --format --quality --depth --grid --gap --part --claim-timeout --max-pixels --background --array-white --array-axes --threads)
    __latent_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '--mask')
        return
        ;;
    '--mask-threshold')
        return
        ;;
    '--grow')
        return
        ;;
    '-m'|'--model')
        return
        ;;
    '--samples')
        return
        ;;
    '--uncertainty')
        return
        ;;
    '--tile')
        return
        ;;
    '--ensemble')
        __latent_add_completions -W '2'$'\n''4'$'\n''8'
        return
        ;;
    '--seed')
        return
        ;;
    '--method')
        __latent_add_completions -W 'gibbs'$'\n''metropolis'$'\n''map'
        return
        ;;
    '--steps')
        return
        ;;
    '--chains')
        return
        ;;
    '--iterations')
        return
        ;;
    '-o'|'--output')
        return
        ;;
    '--format')
        return
        ;;
    '--quality')
        return
        ;;
    '--depth')
        return
        ;;
    '--grid')
        return
        ;;
    '--gap')
        return
        ;;
    '--part')
        return
        ;;
    '--claim-timeout')
        return
        ;;
    '--max-pixels')
        return
        ;;
    '--background')
        return
        ;;
    '--array-white')
        return
        ;;
    '--array-axes')
        __latent_add_completions -W 'hw'$'\n''nhw'$'\n''chw'$'\n''hwc'$'\n''nchw'$'\n''nhwc'
        return
        ;;
    '--threads')
        return
        ;;
    esac
}

_latent_upscale() {
    repeating_flags=()
    non_repeating_flags=(--denoise --color-map --colour-map -r --recursive --skip-existing --claim --retry-failed --no-record --gray --grey --profile --version -h --help)
    repeating_options=()
    non_repeating_options=(-s --scale --size -m --model --sigma --noise --samples --uncertainty --tile --ensemble --seed -o --output --format --quality --depth --grid --gap --part --claim-timeout --max-pixels --background --array-white --array-axes --threads)
    __latent_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '-s'|'--scale')
        return
        ;;
    '--size')
        return
        ;;
    '-m'|'--model')
        return
        ;;
    '--sigma')
        return
        ;;
    '--noise')
        return
        ;;
    '--samples')
        return
        ;;
    '--uncertainty')
        return
        ;;
    '--tile')
        return
        ;;
    '--ensemble')
        __latent_add_completions -W '2'$'\n''4'$'\n''8'
        return
        ;;
    '--seed')
        return
        ;;
    '-o'|'--output')
        return
        ;;
    '--format')
        return
        ;;
    '--quality')
        return
        ;;
    '--depth')
        return
        ;;
    '--grid')
        return
        ;;
    '--gap')
        return
        ;;
    '--part')
        return
        ;;
    '--claim-timeout')
        return
        ;;
    '--max-pixels')
        return
        ;;
    '--background')
        return
        ;;
    '--array-white')
        return
        ;;
    '--array-axes')
        __latent_add_completions -W 'hw'$'\n''nhw'$'\n''chw'$'\n''hwc'$'\n''nchw'$'\n''nhwc'
        return
        ;;
    '--threads')
        return
        ;;
    esac
}

_latent_interpolate() {
    repeating_flags=()
    non_repeating_flags=(--exact-ends --gray --grey --resize --profile --version -h --help)
    repeating_options=()
    non_repeating_options=(-m --model --frames --path --levels -o --output --format --quality --depth --grid --gap --max-pixels --background --array-white --array-axes --threads)
    __latent_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '-m'|'--model')
        return
        ;;
    '--frames')
        return
        ;;
    '--path')
        __latent_add_completions -W 'linear'$'\n''spherical'
        return
        ;;
    '--levels')
        return
        ;;
    '-o'|'--output')
        return
        ;;
    '--format')
        return
        ;;
    '--quality')
        return
        ;;
    '--depth')
        return
        ;;
    '--grid')
        return
        ;;
    '--gap')
        return
        ;;
    '--max-pixels')
        return
        ;;
    '--background')
        return
        ;;
    '--array-white')
        return
        ;;
    '--array-axes')
        __latent_add_completions -W 'hw'$'\n''nhw'$'\n''chw'$'\n''hwc'$'\n''nchw'$'\n''nhwc'
        return
        ;;
    '--threads')
        return
        ;;
    esac
}

_latent_evaluate() {
    repeating_flags=()
    non_repeating_flags=(--binarize --binarise --per-image --sort --latents --json --gray --grey --resize --profile --version -h --help)
    repeating_options=()
    non_repeating_options=(-m --model --importance-samples --samples --every --limit --threshold --part --seed --max-pixels --background --array-white --array-axes --threads)
    __latent_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '-m'|'--model')
        return
        ;;
    '--importance-samples')
        return
        ;;
    '--samples')
        return
        ;;
    '--every')
        return
        ;;
    '--limit')
        return
        ;;
    '--threshold')
        return
        ;;
    '--part')
        return
        ;;
    '--seed')
        return
        ;;
    '--max-pixels')
        return
        ;;
    '--background')
        return
        ;;
    '--array-white')
        return
        ;;
    '--array-axes')
        __latent_add_completions -W 'hw'$'\n''nhw'$'\n''chw'$'\n''hwc'$'\n''nchw'$'\n''nhwc'
        return
        ;;
    '--threads')
        return
        ;;
    esac
}

_latent_compare() {
    repeating_flags=()
    non_repeating_flags=(--ssim --exact --per-image --json --gray --grey --version -h --help)
    repeating_options=()
    non_repeating_options=(--mask --mask-threshold --grow --part --max-pixels --background --array-white --array-axes)
    __latent_offer_flags_options 2

    # Offer option value completions
    case "${prev}" in
    '--mask')
        return
        ;;
    '--mask-threshold')
        return
        ;;
    '--grow')
        return
        ;;
    '--part')
        return
        ;;
    '--max-pixels')
        return
        ;;
    '--background')
        return
        ;;
    '--array-white')
        return
        ;;
    '--array-axes')
        __latent_add_completions -W 'hw'$'\n''nhw'$'\n''chw'$'\n''hwc'$'\n''nchw'$'\n''nhwc'
        return
        ;;
    esac
}

_latent_info() {
    repeating_flags=()
    non_repeating_flags=(--tensors --json --version -h --help)
    repeating_options=()
    non_repeating_options=(--max-pixels)
    __latent_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--max-pixels')
        return
        ;;
    esac
}

_latent_report() {
    repeating_flags=()
    non_repeating_flags=(--profile --version -h --help)
    repeating_options=()
    non_repeating_options=(-o --output --log --damage --background --max-pixels --seed --threads)
    __latent_offer_flags_options -1

    # Offer option value completions
    case "${prev}" in
    '-o'|'--output')
        return
        ;;
    '--log')
        return
        ;;
    '--damage')
        return
        ;;
    '--background')
        return
        ;;
    '--max-pixels')
        return
        ;;
    '--seed')
        return
        ;;
    '--threads')
        return
        ;;
    esac
}

_latent_status() {
    repeating_flags=()
    non_repeating_flags=(--json --version -h --help)
    repeating_options=()
    non_repeating_options=(--claim-timeout)
    __latent_offer_flags_options 1

    # Offer option value completions
    case "${prev}" in
    '--claim-timeout')
        return
        ;;
    esac
}

_latent_help() {
    repeating_flags=()
    non_repeating_flags=(--version)
    repeating_options=()
    non_repeating_options=()
    __latent_offer_flags_options -1
}

complete -o filenames -F _latent latent
